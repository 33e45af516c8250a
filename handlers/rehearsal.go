package handlers

// rehearsalPages lists the pages of this room.
func (s *Server) rehearsalPages() []pageRoute { return nil }
