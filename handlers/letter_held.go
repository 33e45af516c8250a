package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// heldLetterPage is one letter as it goes, or went, with whom it reached.
type heldLetterPage struct {
	Page
	Form    *Form
	Post    string
	Note    *Note
	Letter  *Letter
	PDF     *Link
	Links   []Link
	Hold    bool
	Release bool
	Sample  bool
	Faults  []letterFault
	Reason  Field
	Sent    Table
}

func (s *Server) showHeldLetter(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawHeldLetter(c, http.StatusOK, k, formFor(c, k))
}

// asFiled is the case with the form as it was last filed: changes granted
// afterwards are not in the letter.
func (s *Server) asFiled(c *gin.Context, k workflow.Case) workflow.Case {
	if row, err := s.store.Version(c.Request.Context(), actorOf(c), k.App.ID, len(k.App.Filed)); err == nil {
		if form, wrong := workflow.DecodeForm(row.Form); len(wrong) == 0 {
			k.App.Form = form
		}
	}
	return k
}

// decisionNotice is the decision's letter in the applicant's language. One that
// waits is shown as if it were released now.
func (s *Server) decisionNotice(c *gin.Context, k workflow.Case) (notice.Notice, error) {
	k = s.asFiled(c, k)
	if k.App.Untold() {
		now, err := s.store.Now(c.Request.Context())
		if err != nil {
			return notice.Notice{}, err
		}
		h := *k.App.Letter
		h.ReleasedAt = now
		k.App.Letter = &h
	}
	o, err := s.ownWords(c.Request.Context(), s.letterOffice(c, notice.LangOf(k)), decisionLetterMade(k, k.App.Decisions()))
	return notice.Decision(k, o), err
}

func (s *Server) sendLetterPreview(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.Decision == nil {
		return workflow.ErrNotFound
	}
	n, err := s.decisionNotice(c, k)
	if err != nil {
		return err
	}
	return sendPaper(c, "brev-"+strings.NewReplacer(" ", "-", "/", "-").Replace(k.App.DNR)+".pdf", n)
}

func (s *Server) drawHeldLetter(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "letter.title")
	if err != nil {
		return err
	}
	l, at := p.Lang, fmt.Sprintf("/letters/%d", k.App.ID)
	state, why := letterState(l, k, k.Round.HoldLetters)
	p.Over, p.Title, p.Tags, p.Errors, p.Back = k.App.DNR, lang.T(
		l,
		"letter.title.of",
		lang.Args{"Title": k.App.Form.Title},
	), []Tag{
		state,
	}, f.Errors, &Link{
		Text: lang.T(l, "menu.letters"),
		Href: "/letters?round=" + k.Round.ID,
	}
	open := workflow.Allowed(k, actorOf(c), p.Now)
	page := heldLetterPage{
		Page:    p,
		Form:    f,
		Post:    at,
		Hold:    slices.Contains(open, workflow.ActHoldLetter),
		Release: slices.Contains(open, workflow.ActReleaseLetter),
		Links: []Link{
			{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)},
		},
		Reason: Field{Form: f, Name: "reason", Kind: "area", Height: 3, Label: lang.T(l, "letter.reason")},
	}
	if k.App.Letter.Waits() {
		page.Note = &Note{Kind: "warn", Text: why}
		if k.App.Decision == nil {
			page.Note.Strong = lang.T(l, "letter.note.will_wait")
		}
	}
	if k.App.Decision == nil {
		page.Links = append([]Link{{Text: lang.T(l, "letter.read_proposal"), Href: fmt.Sprintf("/decisions/%d", k.App.ID)}}, page.Links...)
		return s.page(c, status, "decision/letter", page)
	}
	n, err := s.decisionNotice(c, k)
	if err != nil {
		return err
	}
	if page.Faults = letterFaultsOf(l, k, actorOf(c), open, n.Faults()); len(page.Faults) > 0 {
		page.Release = false
	}
	page.Links = append(page.Links, translationLinks(l, k, open)...)
	letter := letterOf(n)
	letter.Preview = true // the page has a heading of its own, sent or not
	page.Letter, page.PDF, page.Sample = &letter, &Link{Text: lang.T(l, "letter.preview.pdf"), Href: at + "/letter.pdf"}, workflow.HoldsLetters(actorOf(c))
	if !k.App.Untold() {
		if page.Sent, err = s.letterMails(c, l, k); err != nil {
			return err
		}
	}
	return s.page(c, status, "decision/letter", page)
}

// letterMails is whom the decision was told, and whether the mail arrived.
func (s *Server) letterMails(c *gin.Context, l lang.Lang, k workflow.Case) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "letter.sent_to"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "letter.to")}, {Text: lang.T(l, "letter.mail")}, {Text: lang.T(l, "letter.delivery")}},
	}
	mails, err := s.store.Mails(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return t, err
	}
	for _, m := range mails {
		if m.Kind != "decided" || m.CreatedAt.Before(k.App.Decision.DecidedAt) {
			continue
		}
		how := Cell{Text: lang.T(l, "letter.delivery.waits")}
		switch {
		case m.BouncedAt != nil:
			how = Cell{
				Text:  lang.T(l, "letter.delivery.back", lang.Args{"Day": lang.DateTime(l, *m.BouncedAt)}),
				Note:  m.Bounce,
				Class: "late",
				Links: []Link{{Text: lang.T(l, "letter.delivery.mend"), Hidden: m.To, Href: fmt.Sprintf("/cases/%d/mails", k.App.ID)}},
			}
		case m.SentAt != nil:
			how = Cell{Text: lang.T(l, "letter.delivery.sent", lang.Args{"Day": lang.DateTime(l, *m.SentAt)})}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: m.To}, {Text: m.Subject}, how}})
	}
	return t, nil
}

// postHeldLetter holds or releases one letter, or sends a sample of it to who asks.
func (s *Server) postHeldLetter(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	at := fmt.Sprintf("/letters/%d", k.App.ID)
	switch f.Raw("do") {
	case "sample":
		if err := s.store.SampleLetter(c.Request.Context(), actorOf(c), k.App.ID); err != nil {
			return err
		}
		return s.see(c, at, "letter.sampled", lang.Args{"Email": actorOf(c).Email})
	case "hold", "release":
		cmd := workflow.Command(&workflow.HoldLetter{Reason: f.Text("reason")})
		if f.Raw("do") == "release" {
			cmd = &workflow.ReleaseLetter{}
			if k.App.Decision != nil {
				n, err := s.decisionNotice(c, k)
				if err != nil {
					return err
				}
				if len(n.Faults()) > 0 {
					return s.drawHeldLetter(c, http.StatusUnprocessableEntity, k, f)
				}
			}
		}
		_, ok, err := s.apply(c, f, k.App.ID, cmd)
		if err != nil {
			return err
		}
		if !ok {
			return s.drawHeldLetter(c, http.StatusUnprocessableEntity, k, f)
		}
		return s.see(c, at, "letter.saved."+string(cmd.Action()))
	}
	return workflow.ErrNotFound
}

// letterTask is what waits to be released, for those who can.
func (s *Server) letterTask(c *gin.Context, l lang.Lang, by workflow.Actor) (Todo, bool, error) {
	if !workflow.HoldsLetters(by) {
		return Todo{}, false, nil
	}
	cases, err := s.store.LettersOf(c.Request.Context(), by, "")
	if err != nil {
		return Todo{}, false, err
	}
	cases = slices.DeleteFunc(cases, func(k workflow.Case) bool { return !k.App.Untold() })
	if len(cases) == 0 {
		return Todo{}, false, nil
	}
	first := slices.MinFunc(cases, func(a, b workflow.Case) int { return a.App.Decision.DecidedAt.Compare(b.App.Decision.DecidedAt) })
	return Todo{
		Count:   len(cases),
		Text:    lang.T(l, "letter.task"),
		Detail:  lang.T(l, "letter.task.since", lang.Args{"Day": lang.Date(l, first.App.Decision.DecidedAt)}),
		Href:    "/letters",
		Urgency: "soon",
		When:    lang.T(l, "tasks.now"),
	}, true, nil
}
