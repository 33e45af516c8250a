package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// stepLetters are the letters that go out with a step, of the case as it stands after it. A grant's
// own stands on the pages of proposal and decision.
var stepLetters = map[workflow.Action]func(before, after workflow.Case, o notice.Office) notice.Notice{
	workflow.ActCorrect: func(_, after workflow.Case, o notice.Office) notice.Notice {
		return notice.Correction(after, after.App.Corrections[len(after.App.Corrections)-1], o)
	},
	workflow.ActDecideChange: func(before, after workflow.Case, o notice.Office) notice.Notice {
		for i, x := range before.App.Changes {
			if x.Open() {
				return notice.Amendment(after, i+1, o)
			}
		}
		return notice.Notice{}
	},
	workflow.ActDecideRecovery: func(_, after workflow.Case, o notice.Office) notice.Notice { return notice.Recovery(after, o) },
}

// previewStep shows the letter that a step with these words would send; nothing is stored.
func (s *Server) previewStep(c *gin.Context, k workflow.Case, f *Form, cmd workflow.Command) error {
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	out, err := workflow.Decide(k, actorOf(c), cmd, workflow.AnyVersion, now)
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawDo(c, http.StatusUnprocessableEntity, k, cmd.Action(), f)
	}
	after := k
	after.App = out.App
	o, err := s.ownWords(c.Request.Context(), s.letterOffice(c, notice.LangOf(after)), now)
	if err != nil {
		return err
	}
	letter := letterOf(stepLetters[cmd.Action()](k, after, o))
	letter.Preview = true
	page, err := s.doPageOf(c, http.StatusOK, k, cmd.Action(), f)
	if err != nil {
		return err
	}
	page.Letter, page.LetterTitle = &letter, lang.T(page.Lang, "decide.letter")
	return s.page(c, http.StatusOK, "do/form", page)
}
