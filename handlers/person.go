package handlers

// personPages lists the pages of this room.
func (s *Server) personPages() []pageRoute { return nil }
