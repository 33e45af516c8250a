package handlers

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// A report is written between lessons and by several people, as an application
// is: what is typed is saved while they write, compared field by field, and
// waits as texts until the report is filed.

// reportNames are the controls of a case's report, in order.
func reportNames(k workflow.Case) []string {
	names := []string{"start", "end", "pupils", "staff"}
	for _, b := range k.App.Form.Lines() {
		names = append(names, costField(b.Line), voucherField(b.Line))
	}
	names = append(names, "external_grants_received", "joint_share", "voluntary_contributions", "mandatory_fee")
	for i := range k.App.Form.Text.Goals {
		names = append(names, goalField(i+1, "reached"), goalField(i+1, "text"))
	}
	for _, name := range reportTexts {
		names = append(names, "texts."+name)
	}
	return append(names, "publish")
}

// reportValues are the texts of the form's controls.
func reportValues(k workflow.Case, f *Form) workflow.Values {
	v := workflow.Values{}
	for _, name := range reportNames(k) {
		v[name] = strings.TrimSpace(strings.ReplaceAll(f.Raw(name), "\r\n", "\n"))
	}
	return v
}

// storedReport is what stands in the report now: the draft, over the report
// that was returned or else the plan.
func storedReport(k workflow.Case, d sql.ReportDraft) *Form {
	f := NewForm(lang.SV)
	fillReport(f, k)
	if k.App.Report != nil && !d.At.After(k.App.Report.SubmittedAt) {
		return f // older than what was filed from it
	}
	for _, name := range reportNames(k) {
		if text, ok := d.Fields[name].(string); ok {
			f.Set(name, text)
		}
	}
	return f
}

// fillReportDraft shows it in a form, with what the next post is compared with.
func (s *Server) fillReportDraft(c *gin.Context, k workflow.Case, f *Form) error {
	d, err := s.store.ReportDraft(c.Request.Context(), k.App.ID)
	if err != nil {
		return err
	}
	stored := storedReport(k, d)
	maps.Copy(f.values, stored.values)
	f.Set("base", encodeValues(reportValues(k, stored)))
	f.Set("version", k.App.Version)
	return nil
}

// mergeReport saves what was posted beside what others saved since the page was drawn.
func (s *Server) mergeReport(c *gin.Context, k workflow.Case, f *Form) (m stepMerge, err error) {
	by := actorOf(c)
	m = stepMerge{k: k, mine: reportValues(k, f)}
	err = s.store.EditReportDraft(c.Request.Context(), k.App.ID, by, func(d sql.ReportDraft) workflow.Values {
		now := reportValues(k, storedReport(k, d))
		base, known := decodeValues(f.Raw("base"))
		if !known {
			base = now
		}
		base = unheard(f, base, now, func(sent *Form) workflow.Values { return reportValues(k, sent) })
		m.clashes = answered(f, base, m.mine)
		merged, clashes := workflow.MergeValues(base, m.mine, now)
		for _, x := range m.clashes {
			merged[x.Field] = now[x.Field]
		}
		m.clashes = append(m.clashes, clashes...)
		for field := range now {
			if known && !workflow.SameValue(base[field], now[field]) && !workflow.SameValue(m.mine[field], now[field]) {
				m.others = append(m.others, field)
			}
		}
		slices.Sort(m.others)
		m.by, m.base = cmp.Or(d.Writer, by.Name), maps.Clone(merged)
		for _, x := range m.clashes {
			m.base[x.Field] = base[x.Field]
		}
		if m.wrote = !workflow.SameValue(merged, now); !m.wrote {
			return nil
		}
		return merged
	})
	return m, err
}

// saveReport saves the report while somebody writes.
func (s *Server) saveReport(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActSubmitReport)
	if err != nil {
		return err
	}
	m := stepMerge{k: k}
	if m.late, err = s.overtaken(c, k, f); err == nil && !m.late {
		m, err = s.mergeReport(c, k, f)
	}
	if err != nil {
		return err
	}
	fresh := NewForm(f.Lang)
	if err := s.fillReportDraft(c, k, fresh); err != nil {
		return err
	}
	return s.answerSaved(c, m, f, fresh, func(string) bool { return false })
}

// keepReport saves a posted report before anything else is done with it; false:
// the answer is given, as two people wrote in the same field.
func (s *Server) keepReport(c *gin.Context, k workflow.Case, f *Form) (bool, error) {
	if _, err := s.overtaken(c, k, f); err != nil { // a button is pressed last: it overtakes, and is never late
		return false, err
	}
	m, err := s.mergeReport(c, k, f)
	if err != nil {
		return false, err
	}
	if len(m.clashes) > 0 {
		return false, s.drawReportClash(c, m, f)
	}
	for name, v := range m.base { // with what others wrote meanwhile
		f.Set(name, v)
	}
	f.Set("base", encodeValues(m.base))
	return true, nil
}

// drawReportClash shows both versions and asks, as for an application.
func (s *Server) drawReportClash(c *gin.Context, m stepMerge, f *Form) error {
	p, err := s.grantTop(c, m.k, "clash.title")
	if err != nil {
		return err
	}
	l, post := p.Lang, fmt.Sprintf("/reports/%d", m.k.App.ID)
	p.Back = &Link{Text: lang.T(l, "reports.title"), Href: post}
	p.Errors, p.Lead = f.Errors, lang.T(l, "clash.lead")
	if m.by != actorOf(c).Name {
		p.Lead = lang.T(l, "clash.lead.by", lang.Args{"Name": m.by})
	}
	shown := maps.Clone(m.base)
	page := clashPage{Page: p, Form: f, Post: post, Go: "stay", By: m.by}
	for _, x := range m.clashes {
		shown[x.Field] = x.Theirs
		side := func(key string, v any) Answer {
			text, _ := v.(string)
			return Answer{Term: lang.T(l, key), Value: cmp.Or(text, lang.T(l, "clash.empty"))}
		}
		field := clashField{
			Name:   x.Field,
			Label:  f.where(x.Field),
			Mine:   side("clash.mine", x.Mine),
			Theirs: side("clash.theirs", x.Theirs),
			Both:   strings.HasPrefix(x.Field, "texts."),
		}
		values := []string{"mine", "theirs"}
		if field.Both {
			values = append(values, "both")
		}
		field.Choices = Field{
			Form:    f,
			Name:    "pick." + x.Field,
			Label:   lang.T(l, "clash.keep", lang.Args{"Field": field.Label}),
			Options: Options(l, "clash.pick", values...),
		}
		page.Clashes = append(page.Clashes, field)
	}
	f.Set("base", encodeValues(shown))
	for _, name := range reportNames(m.k) {
		page.Hidden = append(page.Hidden, hiddenValue{name, f.Raw(name)})
	}
	return s.page(c, http.StatusConflict, "application/clash", page)
}

// postReportFile keeps a file for the report, and what is typed beside it.
func (s *Server) postReportFile(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActSubmitReport)
	if err != nil {
		return err
	}
	if done, err := s.keepReport(c, k, f); !done {
		return err
	}
	if err := s.keepReportFile(c, k); err != nil {
		wrong, ok := err.(workflow.Violations)
		if !ok || asksForJSON(c.Request) {
			return err
		}
		f.Refuse(wrong)
		return s.drawReportForm(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, fmt.Sprintf("/reports/%d#files", k.App.ID), "done.attach")
}

// keepReportFile keeps the file that came with a report's form.
func (s *Server) keepReportFile(c *gin.Context, k workflow.Case) error {
	if c.Request.MultipartForm == nil {
		return workflow.Violations{{Field: "file", Code: "required"}}
	}
	c.Request.MultipartForm.Value["kind"] = []string{"report_evidence"}
	up, err := takeUpload(c.Request.MultipartForm)
	if up.file != nil {
		defer up.file.Close()
	}
	if err != nil {
		return err
	}
	return s.keepOnce(c.Request.Context(), k, actorOf(c), up)
}

// sentFile tells whether a file came with the form.
func sentFile(c *gin.Context) bool {
	m := c.Request.MultipartForm
	return m != nil && len(m.File["file"]) > 0
}

// reportFiles are the papers of the report, with what was declared of photos.
func reportFiles(l lang.Lang, k workflow.Case) (files []StoredFile) {
	for _, a := range k.App.Attachments {
		if a.Kind != "report_evidence" {
			continue
		}
		x := StoredFile{Name: a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID), Size: a.Size}
		var notes []string
		if a.Scan != "clean" {
			notes = append(notes, lang.T(l, "scan."+a.Scan))
		}
		switch {
		case a.Consent != nil:
			notes = append(notes, lang.T(l, "grant.photo.consent", lang.Args{"Day": lang.Date(l, a.Consent.At)}))
		case a.Photo():
			notes = append(notes, lang.T(l, "grant.photo.unsaid"))
		}
		x.Note = strings.Join(notes, " ")
		files = append(files, x)
	}
	return files
}
