package handlers

// casePages lists the pages of this room.
func (s *Server) casePages() []pageRoute { return nil }
