package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// completePage is what the office asks for, with the answers as they stand.
type completePage struct {
	Page
	Points []completePoint
	Same   string // nothing is changed yet
	Send   Link
}

// completePoint is one thing asked for, what the form says of it now and said
// when it was filed, and the step where it is answered.
type completePoint struct {
	Field, Text string
	Answers     []Answer
	Link        Link
}

func (s *Server) showComplete(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.State != workflow.CompletionRequested {
		return s.see(c, fmt.Sprintf("/applications/%d", k.App.ID), "")
	}
	p, err := s.newPage(c, "complete.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead = k.App.DNR+" "+k.App.Form.Title, lang.T(l, "complete.lead", lang.Args{"Day": lang.LongDay(l, k.App.Completion.DueOn.String())})
	p.Back = &Link{Text: lang.T(l, "act.back"), Href: fmt.Sprintf("/applications/%d", k.App.ID)}
	page := completePage{
		Page: p,
		Same: lang.T(l, "complete.same"),
		Send: Link{Text: lang.T(l, "action.complete"), Href: fmt.Sprintf("/do/%d/complete", k.App.ID)},
	}
	filed, err := s.filedForm(c, k)
	if err != nil {
		return err
	}
	for _, pt := range k.App.Completion.Points {
		x := completePoint{Field: askName(l, pt.Field), Text: pt.Text, Answers: askedAnswers(l, k, filed, pt.Field)}
		for _, st := range editSteps {
			if st.has(pt.Field) {
				x.Link = Link{Text: lang.T(l, "complete.answer"), Hidden: lower(x.Field), Href: fmt.Sprintf("/applications/%d/edit/%s", k.App.ID, st.key)}
				break
			}
		}
		if slices.ContainsFunc(x.Answers, func(a Answer) bool { return a.Was != nil }) {
			page.Same = ""
		}
		page.Points = append(page.Points, x)
	}
	return s.page(c, http.StatusOK, "application/complete", page)
}

// filedForm is the form as it was last filed.
func (s *Server) filedForm(c *gin.Context, k workflow.Case) (workflow.Form, error) {
	row, err := s.store.Version(c.Request.Context(), actorOf(c), k.App.ID, len(k.App.Filed))
	if err != nil {
		return workflow.Form{}, err
	}
	form, wrong := workflow.DecodeForm(row.Form)
	if len(wrong) > 0 {
		return form, wrong
	}
	return form, nil
}

// askedAnswers are the fields below a point as they stand now, with what was
// filed beside each that was changed since, also where one of the two is empty.
func askedAnswers(l lang.Lang, k workflow.Case, filed workflow.Form, point string) (list []Answer) {
	if kind, ok := strings.CutPrefix(point, "attachments."); ok {
		return askedFiles(l, k, kind)
	}
	none := ""
	for _, st := range editSteps {
		for _, x := range st.fields {
			if !lies(x.name, point) || idlePayment(k.App.Form, x.name) {
				continue
			}
			now, is := formAnswer(l, k.App.Form, x)
			before, was := formAnswer(l, filed, x)
			switch {
			case is && was:
				one := []Answer{now}
				markChanges(one, []Answer{before})
				list = append(list, one...)
			case is:
				now.Was = &none
				list = append(list, now)
			case was:
				gone := []Answer{{Term: before.Term, Value: lang.T(l, "check.nothing")}}
				markChanges(gone, []Answer{before})
				list = append(list, gone...)
			}
		}
	}
	return list
}

// askedFiles are the files of a kind; Was marks one that came after the filing.
func askedFiles(l lang.Lang, k workflow.Case, kind string) (list []Answer) {
	old := k.App.FiledWith(len(k.App.Filed))
	for _, a := range k.App.Attachments {
		if a.Kind != kind {
			continue
		}
		x := Answer{Term: lang.T(l, "attachment."+kind), Value: a.Name}
		if !slices.ContainsFunc(old, func(o workflow.Attachment) bool { return o.ID == a.ID }) {
			none := ""
			x.Was = &none
		}
		list = append(list, x)
	}
	return list
}

// askedHere repeats, above the fields of a step, what the office asks about them.
func askedHere(l lang.Lang, k workflow.Case, st editStep) *Note {
	if k.App.State != workflow.CompletionRequested {
		return nil
	}
	n := &Note{Kind: "warn", Strong: lang.T(l, "complete.asked")}
	for _, pt := range k.App.Completion.Points {
		if st.has(pt.Field) {
			n.Items = append(n.Items, askName(l, pt.Field)+": "+pt.Text)
		}
	}
	if len(n.Items) == 0 {
		return nil
	}
	return n
}

// shownLines are the budget's lines with their numbers, for who is asked about
// the other money and can't see the lines that it pays for.
func shownLines(l lang.Lang, k workflow.Case, st editStep) (list []Fact) {
	if st.key != "budget" || slices.ContainsFunc(editable(k, st), func(x doField) bool { return x.name == "budget" }) {
		return nil
	}
	for _, b := range k.App.Form.Lines() {
		list = append(list, Fact{Term: lang.T(l, "form.row", lang.Args{"N": b.Line}), Value: b.Text, Note: lang.Money(l, b.Sum())})
	}
	return list
}
