package handlers

// decisionPages lists the pages of this room.
func (s *Server) decisionPages() []pageRoute { return nil }
