package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// postMove moves what a round did not use to another: the head's decision.
func (s *Server) postMove(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	amount := intOf(f.Kronor("move_amount"))
	if f.OK() {
		err = s.store.MoveUnused(c.Request.Context(), actorOf(c), r.ID, f.Raw("to"), amount, f.Text("move_reason"))
		var (
			wrong   workflow.Violations
			refused workflow.Refused
		)
		switch {
		case err == nil:
			return s.see(c, "/rounds/"+r.ID, "round.moved", lang.Args{"Sum": lang.Money(f.Lang, amount), "Round": f.Raw("to")})
		case errors.As(err, &wrong):
			for i := range wrong { // the page has other controls called so
				if wrong[i].Code == "round_open" {
					wrong[i].Field = "" // there is no form yet
				} else if wrong[i].Field != "to" {
					wrong[i].Field = "move_" + wrong[i].Field
				}
			}
			f.Refuse(wrong)
		case errors.As(err, &refused):
			f.Fail("move_amount", "round.move.too_much")
		default:
			return err
		}
	}
	f.Set("version", r.Version)
	return s.drawRound(c, http.StatusUnprocessableEntity, r, f)
}
