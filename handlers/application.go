package handlers

// applicationPages lists the pages of this room.
func (s *Server) applicationPages() []pageRoute { return nil }
