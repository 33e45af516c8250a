package handlers

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// paperPages register what came on paper, with its own arrival (FL 22 §).
func (s *Server) paperPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	officer := []workflow.Role{workflow.Officer}
	return []pageRoute{
		{method: get, path: "/paper", do: s.showPaper, roles: officer},
		{method: post, path: "/paper", do: s.postPaper, roles: officer},
		{method: get, path: "/paper/:id/files", do: s.showPaperFiles, roles: officer},
		{method: post, path: "/paper/:id/files", do: s.postPaperFiles, roles: officer},
	}
}

type paperPage struct {
	Page
	Form  *Form
	Day   Field
	Clock Field
	Round Field
	Parts []paperPart
}

// paperPart is a step of the form: on paper all of them stand on one page.
type paperPart struct {
	Title    string
	Controls []doControl
}

func (s *Server) showPaper(c *gin.Context) error {
	return s.drawPaper(c, http.StatusOK, newForm(c))
}

func (s *Server) drawPaper(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "paper.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors, p.Back = lang.T(l, "paper.lead"), f.Errors, &Link{Text: lang.T(l, "menu.cases"), Href: "/cases"}
	page := paperPage{Page: p, Form: f, Day: Field{Form: f, Name: "received_at.day", Kind: "date", Label: lang.T(l, "field.received_at.day")},
		Clock: Field{
			Form:  f,
			Name:  "received_at.time",
			Kind:  "text",
			Label: lang.T(l, "field.received_at.time"),
			Hint:  lang.T(l, "field.received_at.time.hint"),
			Width: "w4",
			Mode:  "decimal",
		},
		Round: Field{Form: f, Name: "round", Kind: "select", Label: lang.T(l, "paper.round"), Empty: lang.T(l, "idea.choose")}}
	rounds, err := s.store.Rounds(c.Request.Context(), false)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(rounds) {
		if r.Open(p.Now) {
			page.Round.Options = append(page.Round.Options, Option{Value: r.ID, Text: notice.RoundName(l, r)})
		}
	}
	for _, st := range editSteps {
		part := paperPart{Title: lang.T(l, "step."+st.key)}
		for _, x := range st.fields {
			part.Controls = append(part.Controls, paperControl(l, s.stepControl(f, workflow.Case{}, x)))
		}
		if len(part.Controls) > 0 {
			page.Parts = append(page.Parts, part)
		}
	}
	return s.page(c, status, "application/paper", page)
}

// paperControl is a control for somebody who copies what another wrote: its help
// is for the writer, and "your" would be the officer's.
func paperControl(l lang.Lang, x doControl) doControl {
	x.Under = true
	if x.Field == nil {
		return x
	}
	x.Field.Hint = ""
	if key := "paper.field." + x.Field.Name; lang.Has(l, key) {
		x.Field.Label = lang.T(l, key)
	}
	if key := "paper.field." + x.Field.Name + ".hint"; lang.Has(l, key) {
		x.Field.Hint = lang.T(l, key)
	}
	return x
}

// postPaper files what is copied from the paper, at the instant when it arrived.
func (s *Server) postPaper(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawPaper(c, http.StatusOK, f)
	}
	received, _ := f.Moment("received_at")
	values := workflow.Values{"round": f.Need("round")}
	for _, st := range editSteps {
		for path, v := range readValues(f, st.fields) {
			if !workflow.SameValue(v, nil) {
				values[path] = v
			}
		}
	}
	if !f.OK() {
		return s.drawPaper(c, http.StatusUnprocessableEntity, f)
	}
	raw, err := json.Marshal(patchTree(values))
	if err != nil {
		return err
	}
	form, wrong := workflow.DecodeForm(raw)
	var app workflow.Application
	if len(wrong) == 0 {
		app, err = s.store.BeginPaper(c.Request.Context(), actorOf(c), form, received)
		if v, ok := err.(workflow.Violations); ok {
			wrong, err = v, nil
		}
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		for i := range wrong {
			if wrong[i].Field == "received_at" {
				wrong[i].Field = "received_at.day"
			}
		}
		f.Refuse(wrong)
		return s.drawPaper(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, pathOf("paper", app.ID)+"/files", "paper.done")
}

// paperCase is a paper application that the officer may add papers to.
func (s *Server) paperCase(c *gin.Context) (workflow.Case, error) {
	k, err := s.caseOf(c)
	if err == nil && k.App.Channel != "paper" {
		err = workflow.ErrNotFound
	}
	return k, err
}

type paperFilesPage struct {
	Page
	Post   string
	Kind   string // the only one, where nobody chooses
	Files  []StoredFile
	Upload UploadBox
	Case   Link
}

func (s *Server) showPaperFiles(c *gin.Context) error {
	k, err := s.paperCase(c)
	if err != nil {
		return err
	}
	return s.drawPaperFiles(c, http.StatusOK, k, newForm(c))
}

func (s *Server) drawPaperFiles(c *gin.Context, status int, k workflow.Case, f *Form) error {
	return s.drawFiles(c, status, k, f, "paper.files", paperFilesPage{Post: pathOf("paper", k.App.ID) + "/files", Case: Link{Href: pathOf("cases", k.App.ID)}})
}

// drawFiles is the page on which a file is added to a case, and where those that are there can be opened.
func (s *Server) drawFiles(c *gin.Context, status int, k workflow.Case, f *Form, words string, page paperFilesPage) error {
	p, err := s.newPage(c, words)
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead, p.Errors = strings.TrimSpace(k.App.DNR+" "+k.App.Form.Title), lang.T(l, words+".lead"), f.Errors
	page.Case.Text = lang.T(l, "act.back")
	p.Back = &page.Case
	page.Page, page.Upload = p, uploadBox(f, page.Post)
	if page.Kind != "" {
		page.Upload.Kinds = nil
	}
	for _, a := range k.App.Attachments {
		page.Files = append(
			page.Files,
			StoredFile{Name: lang.T(l, "attachment."+a.Kind) + ": " + a.Name, Href: pathOf("applications", k.App.ID, "attachments", a.ID), Size: a.Size},
		)
	}
	return s.page(c, status, "application/paper-files", page)
}

func (s *Server) postPaperFiles(c *gin.Context) error {
	k, err := s.paperCase(c)
	if err != nil {
		return err
	}
	return s.keepFile(c, k, pathOf("paper", k.App.ID)+"/files", s.drawPaperFiles)
}

// keepFile adds the file that was sent, or draws the page again with what is wrong with it.
func (s *Server) keepFile(c *gin.Context, k workflow.Case, page string, draw func(*gin.Context, int, workflow.Case, *Form) error) error {
	l, _ := LangOf(c.Request)
	up, err := readUpload(c)
	if up.file != nil {
		defer up.file.Close()
	}
	if err == nil {
		err = s.keepOnce(c.Request.Context(), k, actorOf(c), up)
	}
	if wrong, ok := err.(workflow.Violations); ok && !asksForJSON(c.Request) {
		f := ReadForm(l, c.Request.PostForm)
		f.Refuse(wrong)
		return draw(c, http.StatusUnprocessableEntity, k, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, page, "done.attach")
}
