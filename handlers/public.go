package handlers

// publicPages lists the pages of this room.
func (s *Server) publicPages() []pageRoute { return nil }
