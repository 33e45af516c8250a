package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// letterPages lists the pages of this room: decision letters before and after they go out.
func (s *Server) letterPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	readers := []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor}
	hands := []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary}
	return []pageRoute{
		{method: get, path: "/letters", do: s.showLetters, roles: readers},
		{method: post, path: "/letters", do: s.postLetters, roles: hands},
		{method: get, path: "/letters/:id", do: s.showHeldLetter, roles: readers},
		{method: post, path: "/letters/:id", do: s.postHeldLetter, roles: hands},
		{method: get, path: "/letters/:id/letter.pdf", do: s.sendLetterPreview, roles: readers},
	}
}

// lettersPage lists the letters of a round, or those of all rounds that wait.
type lettersPage struct {
	Page
	Form   *Form
	Round  string
	Note   *Note
	Views  []View
	Table  Table
	Empty  Empty
	Hold   bool // the round's letters can be held by this reader
	Held   bool // they are
	Let    int  // letters that this reader can release here
	Reason Field
}

func (s *Server) showLetters(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	return s.drawLetters(c, http.StatusOK, c.Query("round"), NewForm(l))
}

func (s *Server) drawLetters(c *gin.Context, status int, round string, f *Form) error {
	p, err := s.newPage(c, "menu.letters")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead, p.Errors = lang.T(l, "letter.lead"), f.Errors
	page := lettersPage{Page: p, Form: f, Round: round, Empty: Empty{Title: lang.T(l, "letter.none"), Text: lang.T(l, "letter.none.text")},
		Reason: Field{Form: f, Name: "reason", Kind: "text", Label: lang.T(l, "letter.reason")}}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	if err != nil {
		return err
	}
	page.Views = []View{{Text: lang.T(l, "letter.waiting"), Href: "/letters", NoCount: true, Current: round == ""}}
	for _, r := range rounds {
		page.Views = append(page.Views, View{Text: notice.RoundName(l, r), Href: "/letters?round=" + r.ID, NoCount: true, Current: round == r.ID})
		if r.ID == round {
			page.Hold, page.Held = workflow.HoldsLetters(by), r.HoldLetters != ""
			if page.Held {
				page.Note = &Note{Kind: "warn", Strong: lang.T(l, "letter.round.held"), Text: r.HoldLetters}
			}
		}
	}
	cases, err := s.store.LettersOf(c.Request.Context(), by, round)
	if err != nil {
		return err
	}
	page.Table = lettersTable(l, cases)
	for _, k := range cases {
		if k.App.Untold() && workflow.HoldsLetters(by) {
			page.Let++
		}
	}
	return s.page(c, status, "decision/letters", page)
}

func lettersTable(l lang.Lang, cases []workflow.Case) Table {
	t := Table{Caption: lang.T(l, "menu.letters"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "field.outcome")}, {Text: lang.T(l, "letter.state")}, {Text: lang.T(l, "letter.why")}}}
	for _, k := range cases {
		state, why := letterState(l, k)
		row := []Cell{{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/letters/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)}, {Text: "–"}, {Tags: []Tag{state}}, {Text: why}}
		if d := k.App.Decision; d != nil {
			row[1].Text = lang.T(l, "outcome."+d.Outcome)
			if d.Granted > 0 {
				row[1].Note = lang.Money(l, d.Granted)
			}
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t
}

// letterState is how far a letter has come, and why.
func letterState(l lang.Lang, k workflow.Case) (Tag, string) {
	h, tag := k.App.Letter, func(key, color string) Tag { return Tag{Text: lang.T(l, "letter.state."+key), Color: color} }
	switch {
	case k.App.Untold():
		return tag("waits", "warning"), lang.T(l, "letter.held_since", lang.Args{"Day": lang.Date(l, h.At), "Reason": h.Reason})
	case k.App.Decision == nil && h.Waits():
		return tag("will_wait", "warning"), h.Reason
	case k.App.Decision == nil:
		return tag("with_decision", "neutral"), ""
	}
	return tag("gone", "success"), lang.Date(l, k.App.ToldAt())
}

// postLetters holds or lets go what the round decides from now on, or releases every letter that waits.
func (s *Server) postLetters(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by, round := c.Request.Context(), actorOf(c), f.Raw("round")
	back := "/letters"
	if round != "" {
		back += "?round=" + round
	}
	switch do := f.Raw("do"); do {
	case "hold", "send":
		_, err := s.store.HoldRoundLetters(ctx, by, round, do == "hold", f.Text("reason"))
		if again, err := refusedForm(f, err); err != nil {
			return err
		} else if again {
			return s.drawLetters(c, http.StatusUnprocessableEntity, round, f)
		}
		return s.see(c, back, "letter.round."+do)
	case "release":
		cases, err := s.store.LettersOf(ctx, by, round)
		if err != nil {
			return err
		}
		done, lacks := 0, 0
		for _, k := range cases {
			if !k.App.Untold() {
				continue
			}
			n, err := s.decisionNotice(c, k)
			if err != nil {
				return err
			}
			if len(n.Faults()) > 0 {
				lacks++
				continue
			}
			if _, err := s.store.Apply(ctx, sql.Ref{ID: k.App.ID, Version: k.App.Version}, by, &workflow.ReleaseLetter{}); err != nil {
				return err
			}
			done++
		}
		if lacks > 0 {
			return s.see(c, back, "letter.released.some", lang.Args{"Count": done, "Lacks": lacks})
		}
		return s.see(c, back, "letter.released", lang.Args{"Count": done})
	}
	return workflow.ErrNotFound
}

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
	Faults  []string
	Reason  Field
	Sent    Table
}

func (s *Server) showHeldLetter(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawHeldLetter(c, http.StatusOK, k, caseForm(c, k))
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
	return notice.Decision(k, s.letterOffice(c, notice.LangOf(k))), nil
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
	state, why := letterState(l, k)
	p.Over, p.Title, p.Tags, p.Errors, p.Back = k.App.DNR, lang.T(l, "letter.title.of", lang.Args{"Title": k.App.Form.Title}), []Tag{state}, f.Errors, &Link{Text: lang.T(l, "menu.letters"), Href: "/letters?round=" + k.Round.ID}
	open := workflow.Allowed(k, actorOf(c), p.Now)
	page := heldLetterPage{Page: p, Form: f, Post: at, Hold: slices.Contains(open, workflow.ActHoldLetter), Release: slices.Contains(open, workflow.ActReleaseLetter),
		Links: []Link{{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Reason: Field{Form: f, Name: "reason", Kind: "area", Height: 3, Label: lang.T(l, "letter.reason")}}
	if k.App.Letter.Waits() {
		page.Note = &Note{Kind: "warn", Strong: state.Text + ".", Text: why}
	}
	if k.App.Decision == nil {
		page.Links = append([]Link{{Text: lang.T(l, "letter.read_proposal"), Href: fmt.Sprintf("/decisions/%d", k.App.ID)}}, page.Links...)
		return s.page(c, status, "decision/letter", page)
	}
	n, err := s.decisionNotice(c, k)
	if err != nil {
		return err
	}
	if page.Faults = n.Faults(); len(page.Faults) > 0 {
		page.Release = false
	}
	letter := letterOf(n)
	letter.Preview = k.App.Untold()
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
	t := Table{Caption: lang.T(l, "letter.sent_to"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "letter.to")}, {Text: lang.T(l, "letter.mail")}, {Text: lang.T(l, "letter.delivery")}}}
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
			how = Cell{Text: lang.T(l, "letter.delivery.back", lang.Args{"Day": lang.DateTime(l, *m.BouncedAt)}), Note: m.Bounce, Class: "late", Links: []Link{{Text: lang.T(l, "letter.delivery.mend"), Hidden: m.To, Href: fmt.Sprintf("/cases/%d/mails", k.App.ID)}}}
		case m.SentAt != nil:
			how = Cell{Text: lang.T(l, "letter.delivery.sent", lang.Args{"Day": lang.DateTime(l, *m.SentAt)})}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: m.To}, {Text: m.Subject}, how}})
	}
	return t, nil
}

// postHeldLetter holds or releases one letter, or sends a sample of it to who asks.
func (s *Server) postHeldLetter(c *gin.Context) error {
	k, f, err := s.grantForm(c)
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
		return s.see(c, at, "done.saved."+string(cmd.Action()))
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
	return Todo{Count: len(cases), Text: lang.T(l, "letter.task"), Detail: lang.T(l, "letter.task.since", lang.Args{"Day": lang.Date(l, first.App.Decision.DecidedAt)}), Href: "/letters", Urgency: "soon", When: lang.T(l, "tasks.now")}, true, nil
}
