package handlers

// adminPages lists the pages of this room.
func (s *Server) adminPages() []pageRoute { return nil }
