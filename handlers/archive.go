package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/dossier"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// archivists may take whole cases out of the system. What each of them sees is the policy's (workflow.Views).
var archivists = []workflow.Role{workflow.Registrar, workflow.Auditor, workflow.Head}

// archivePages lists the pages of this room: packages, the register, and what is to be kept how long.
func (s *Server) archivePages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	keepers := []workflow.Role{workflow.Registrar, workflow.Auditor, workflow.Head, workflow.Admin}
	registrar := []workflow.Role{workflow.Registrar}
	return []pageRoute{
		{method: get, path: "/archive", do: s.showArchive, roles: archivists},
		{method: get, path: "/archive/register.csv", do: s.sendRegister, roles: archivists},
		{method: get, path: "/archive/cases/:id/package.zip", do: s.sendPackage, roles: archivists},
		{method: get, path: "/archive/retention", do: s.showRetention, roles: keepers},
		{method: get, path: "/archive/retention/:rule", do: s.showDue, roles: keepers},
		{method: post, path: "/archive/retention/:rule", do: s.postDisposal, roles: registrar},
		{method: get, path: "/archive/holds", do: s.showHolds, roles: keepers},
		{method: post, path: "/archive/holds", do: s.postHold, roles: registrar},
		{method: get, path: "/archive/holds/:id", do: s.showLift, roles: registrar},
		{method: post, path: "/archive/holds/:id", do: s.postLift, roles: registrar},
		{method: get, path: "/archive/people/:id/known.json", do: s.sendKnown, roles: knownBy},
		{method: get, path: "/archive/people", do: s.showArchivePeople, roles: knownBy},
	}
}

type archivePage struct {
	Page
	Tools []Link
	Table Table
	Empty Empty
	More  *Link
}

// showArchive lists the cases with their packages.
func (s *Server) showArchive(c *gin.Context) error {
	p, err := s.newPage(c, "archive.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead = lang.T(l, "archive.lead")
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	cases, next, err := s.store.FullCases(c.Request.Context(), actorOf(c), sql.CaseFilter{Limit: 100, After: after})
	if err != nil {
		return err
	}
	page := archivePage{Page: p, Empty: Empty{Title: lang.T(l, "archive.none"), Text: lang.T(l, "archive.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "fact.applicant")},
			{Text: lang.T(l, "queue.state")},
			{Text: lang.T(l, "archive.package")},
		},
	}
	ids := make([]int64, 0, len(cases))
	for _, k := range cases {
		ids = append(ids, k.App.ID)
	}
	protected, err := s.store.ProtectedCases(c.Request.Context(), ids...)
	if err != nil {
		return err
	}
	for _, k := range cases {
		if !k.App.IsFiled() {
			continue
		}
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR},
				{Text: applicantName(k)},
				{Tags: []Tag{StateTag(l, k.App.State, false)}},
				{Links: []Link{{Text: lang.T(l, "archive.zip"), Hidden: k.App.DNR, Href: fmt.Sprintf("/archive/cases/%d/package.zip", k.App.ID)}}},
			},
		})
		if _, yes := protected[k.App.ID]; yes {
			page.Table.Rows[len(page.Table.Rows)-1].Cells[3].Note = lang.T(l, "protected.package")
		}
		if actorOf(c).Is(workflow.Registrar) {
			last := &page.Table.Rows[len(page.Table.Rows)-1].Cells[3]
			last.Links = append(
				last.Links,
				Link{Text: lang.T(l, "disclosure.link"), Hidden: k.App.DNR, Href: fmt.Sprintf("/archive/cases/%d/disclosure", k.App.ID)},
			)
		}
	}
	page.Tools = []Link{
		{Text: lang.T(l, "archive.register"), Href: "/archive/register.csv"},
		{Text: lang.T(l, "retention.title"), Href: "/archive/retention"},
		{Text: lang.T(l, "holds.title"), Href: "/archive/holds"},
	}
	if actorOf(c).Is(workflow.Registrar) {
		page.Tools = append(page.Tools, Link{Text: lang.T(l, "known.title"), Href: "/archive/people"})
	}
	if next != 0 {
		page.More = &Link{Text: lang.T(l, "archive.more"), Href: fmt.Sprintf("/archive?after=%d", next)}
	}
	return s.page(c, http.StatusOK, "archive/list", page)
}

// sendRegister is the register of documents with the columns of OSL 5:2: when,
// number, from or to whom, what about; and whether secrecy was found. Schools and organisations stand for people.
func (s *Server) sendRegister(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	lines, err := s.store.Register(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	var head []string
	for _, key := range []string{"register.at", "registry.dnr", "register.direction", "register.party", "register.about", "register.document", "register.secrecy"} {
		head = append(head, lang.T(l, key))
	}
	rows := make([][]string, 0, len(lines))
	for _, x := range lines {
		rows = append(rows, []string{
			x.At.In(workflow.Stockholm()).Format("2006-01-02 15:04:05"),
			x.DNR,
			lang.T(l, "register."+x.Direction),
			x.Applicant,
			x.Title,
			registerWords(l, x),
			secrecyWords(l, x.Secrecy),
		})
	}
	return s.sendTable(c, "register.csv", head, rows)
}

// registerWords says what a line of the register is.
func registerWords(l lang.Lang, x sql.RegisterLine) string {
	key := "register.kind." + x.Kind
	switch x.Kind {
	case "attachment":
		key = "attachment." + x.What
	case "document":
		key = "document." + x.What
	case "event":
		key = "action." + x.What
	case "mail":
		return lang.T(l, "register.kind.mail", lang.Args{"What": x.What})
	}
	if !lang.Has(l, key) {
		return x.What
	}
	return lang.T(l, key)
}

// secrecyWords are what the last trial of the case for disclosure found.
func secrecyWords(l lang.Lang, ground string) string {
	if ground == "" {
		return lang.T(l, "register.secrecy.untried")
	}
	return lang.T(l, "disclosure.ground."+ground)
}

// sendPackage streams a case as one package: every document and file, answers
// and versions, decisions, payments, mails as sent, the log with its proof.
func (s *Server) sendPackage(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if !k.App.IsFiled() {
		return workflow.ErrNotFound
	}
	return s.writePackage(c, k)
}

// apiPackage is the same package for another system.
func (s *Server) apiPackage(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	k, err := s.store.Case(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	for _, r := range archivists {
		if by.Is(r) && k.App.IsFiled() {
			return s.writePackage(c, k)
		}
	}
	return workflow.Forbidden{Code: "role"}
}

func (s *Server) writePackage(c *gin.Context, k workflow.Case) error {
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	proof, err := s.store.ProofOf(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	versions, err := s.store.VersionsWhole(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	mails, err := s.store.Mails(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	if err := s.store.NoteAccess(ctx, by.ID, 0, "package "+k.App.DNR); err != nil {
		return err
	}
	papers, err := s.papersFor(c, k)
	if err != nil {
		return err
	}
	events, err := s.store.Events(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	claims, err := s.store.ClaimFiles(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	before, err := s.beforeProtection(c, k, &papers)
	if err != nil {
		return err
	}
	// The case went on while it was read? Then its package ends where its record does.
	proof.Events = proof.Events[:min(len(proof.Events), int(k.App.Version))]
	events = events[:min(len(events), int(k.App.Version))]
	m := dossier.Manifest{Case: k.App.DNR, Title: k.App.Form.Title, MadeAt: now.In(workflow.Stockholm()), MadeBy: by.Email, Events: len(proof.Events), ReadFirst: before.readFirst()}
	if n := len(proof.Events); n > 0 {
		m.LastHash = proof.Events[n-1].Hash
	}
	c.Header("Content-Disposition", disposition(packageName(k), false))
	c.Header("Content-Type", "application/zip")
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	// From here on the answer has begun: what fails cuts it short, and the missing manifest tells so.
	w := dossier.New(c.Writer, m)
	if err := s.fillPackage(ctx, w, packed{k, by, now, versions, mails, events, proof, papers, claims, before}); err != nil {
		s.log.ErrorContext(ctx, "package", "application", k.App.ID, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func packageName(k workflow.Case) string {
	return strings.NewReplacer(" ", "-", "/", "-", `"`, "").Replace(k.App.DNR) + ".zip"
}

// proveOnWindows is sha256sum -c for who has PowerShell alone.
const proveOnWindows = `Get-Content SHA256SUMS | ForEach-Object { $sum, $name = $_ -split '  ', 2; if ((Get-FileHash -LiteralPath $name).Hash -ne $sum) { "$name FAILED" } }`

func (s *Server) fillPackage(ctx context.Context, w *dossier.Writer, x packed) error {
	k, a, by := x.k, x.k.App, x.by
	how := lang.Args{"Windows": proveOnWindows}
	readme := lang.T(lang.SV, "archive.readme", how) + "\n\n" + lang.T(lang.EN, "archive.readme", how) + "\n"
	if err := w.Add("README.txt", "how to read and prove the package", strings.NewReader(readme)); err != nil {
		return err
	}
	if x.before != nil {
		if err := w.Add("LAS-FORST.txt", lang.T(archiveLang, "protected.title"), strings.NewReader(x.before.text())); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name, what string
		v          any
	}{
		{"case.json", "the case as it is", a},
		{"school.json", "the applicant in the register", k.School},
		{"rules.json", "the round with the rules in force", k.Round},
		{"decisions.json", "decisions, corrections, changes, settlement and recovery", map[string]any{"decision": a.Decision, "annulled": a.Annulled, "corrections": a.Corrections, "translation": a.Translation, "appeal": a.Appeal, "changes": a.Changes, "cancelled": a.Cancelled, "settlement": a.Settlement, "recovery": a.Recovery, "recoveries": a.Recoveries}},
		{"payments.json", "instalments and bookings", map[string]any{"payments": a.Payments, "ledger": x.proof.Ledger}},
		{"mails.json", "mails as they were sent", x.mails},
		{"events.json", "the log with its hash chain", x.proof.Events},
		{"anchors.json", "the days whose anchor holds the case", x.proof.Anchors},
	} {
		if err := w.JSON(f.name, f.what, f.v); err != nil {
			return err
		}
	}
	for _, v := range x.versions {
		if err := w.Add(fmt.Sprintf("versions/%d.json", v.N), "what was filed "+v.ReceivedAt.In(workflow.Stockholm()).Format("2006-01-02 15:04:05"), bytes.NewReader(v.Form)); err != nil {
			return err
		}
	}
	for _, d := range a.Documents {
		row, body, err := s.store.Document(ctx, by, a.ID, d.ID)
		if err != nil {
			return err
		}
		if len(body) == 0 && row.Size > 0 {
			w.LeaveOut(row.Name + ": deleted by archive decision")
			continue
		}
		if err := w.Add(fmt.Sprintf("documents/%d-%s", d.ID, dossier.Plain(path.Base(row.Name))), row.Title, bytes.NewReader(body)); err != nil {
			return err
		}
	}
	if err := x.packWords(w); err != nil {
		return err
	}
	if err := s.packPapers(ctx, w, x.papers); err != nil {
		return err
	}
	for _, d := range x.claims {
		body, err := s.store.ClaimFile(ctx, by, d)
		if err != nil {
			return err
		}
		if len(body) == 0 {
			w.LeaveOut(d.Name + ": deleted by archive decision")
			continue
		}
		if err := w.Add(fmt.Sprintf("claims/%d-%s", d.ID, dossier.Plain(path.Base(d.Name))), lang.T(archiveLang, "document."+d.Kind), bytes.NewReader(body)); err != nil {
			return err
		}
	}
	for _, x := range a.Attachments {
		if err := s.packAttachment(ctx, w, by, a.ID, x); err != nil {
			return err
		}
	}
	return w.Close()
}

// packedName is where a file that was sent in lies in the package.
func packedName(x workflow.Attachment) string {
	return fmt.Sprintf("attachments/%d-%s", x.ID, dossier.Plain(fileName(x.Name)))
}

// packAttachment adds a file that was sent in; one that may do harm stays out.
func (s *Server) packAttachment(ctx context.Context, w *dossier.Writer, by workflow.Actor, app int64, x workflow.Attachment) error {
	if x.Scan == "infected" || x.Scan == "waiting" {
		w.LeaveOut(fmt.Sprintf("%s (sha256 %s): %s", x.Name, x.SHA256, x.Scan))
		return nil
	}
	_, r, err := s.store.Attachment(ctx, by, app, x.ID)
	if err != nil {
		return err
	}
	defer r.Close()
	return w.Add(packedName(x), x.Kind+": "+x.Name, r)
}
