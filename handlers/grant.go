package handlers

// grantPages lists the pages of this room.
func (s *Server) grantPages() []pageRoute { return nil }
