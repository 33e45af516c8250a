package handlers

// payoutPages lists the pages of this room.
func (s *Server) payoutPages() []pageRoute { return nil }
