package handlers

// reviewPages lists the pages of this room.
func (s *Server) reviewPages() []pageRoute { return nil }
