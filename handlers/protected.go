package handlers

import (
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// savedPerson saves somebody. With protected identity they are called by what they do and
// where, whatever name was sent, and their address may not give the name away.
func (s *Server) savedPerson(c *gin.Context, p workflow.Person) (workflow.Person, error) {
	if p.Protected {
		name := p.Name
		if p.ID != 0 { // the name may have been changed in the same form; the one that was known counts
			was, err := s.store.Person(c.Request.Context(), p.ID)
			if err != nil {
				return p, err
			}
			if !was.Protected {
				name += " " + was.Name
			} else {
				name = "" // long gone
			}
		}
		if workflow.GivesAway(p.Email, name) {
			return p, workflow.Violations{{Field: "email", Code: "role_address"}}
		}
		schools, _, err := s.schoolNames(c)
		if err != nil {
			return p, err
		}
		if p.Name = rolesText(lang.SV, p, schools); p.Name == "" {
			return p, workflow.Violations{{Field: "roles", Code: "required"}}
		}
	}
	return s.store.SavePerson(c.Request.Context(), actorOf(c), p)
}

// protectedNote tells whoever works with a case that somebody in it has protected identity, and
// which of its documents were there before: their bytes are as they were, so somebody has to read them.
func (s *Server) protectedNote(c *gin.Context, l lang.Lang, k workflow.Case) (*Note, error) {
	before, err := s.beforeProtection(c, k, nil)
	if err != nil || before == nil {
		return nil, err
	}
	n := &Note{Kind: "warn", Strong: lang.T(l, "protected.strong"), Text: lang.T(l, "protected.text")}
	if len(before.papers) > 0 {
		n.Text += " " + before.words(l)
	}
	for _, x := range before.papers {
		n.Links = append(n.Links, Link{Text: x.title(l) + ", " + lang.Day(l, workflow.DateOf(x.at).String()), Href: x.href})
	}
	return n, nil
}

// unprotected are a case's documents from before somebody in it was protected.
type unprotected struct {
	since  time.Time // the zero time: not known
	papers []oldPaper
}

// oldPaper is one of them, as it is opened and as it is called in a package.
type oldPaper struct {
	key, name  string // its kind's word; its own name, if it has one
	at         time.Time
	href, file string
}

func (x oldPaper) title(l lang.Lang) string {
	if x.name == "" {
		return lang.T(l, x.key)
	}
	return lang.T(l, x.key) + ": " + x.name
}

// words say why they are listed.
func (u unprotected) words(l lang.Lang) string {
	if u.since.IsZero() {
		return lang.T(l, "protected.before.unknown")
	}
	return lang.T(l, "protected.before", lang.Args{"Day": lang.Day(l, workflow.DateOf(u.since).String())})
}

// readFirst are the same for a package's manifest.
func (u *unprotected) readFirst() (list []string) {
	if u == nil {
		return nil
	}
	for _, x := range u.papers {
		list = append(list, x.file+": "+x.title(archiveLang)+", "+workflow.DateOf(x.at).String())
	}
	return list
}

// text is what stands first in a package, in both languages.
func (u *unprotected) text() string {
	var b strings.Builder
	for _, l := range []lang.Lang{lang.SV, lang.EN} {
		fmt.Fprintf(&b, "%s\n", lang.T(l, "protected.strong"))
		if len(u.papers) > 0 {
			fmt.Fprintf(&b, "%s\n", u.words(l))
		}
		for _, x := range u.papers {
			fmt.Fprintf(&b, "- %s: %s, %s\n", x.file, x.title(l), lang.Day(l, workflow.DateOf(x.at).String()))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// beforeProtection lists them; nil: nobody in the case is protected. papers are the case's written
// proposals and minutes where they were read already.
func (s *Server) beforeProtection(c *gin.Context, k workflow.Case, papers *casePapers) (*unprotected, error) {
	cases, err := s.store.ProtectedCases(c.Request.Context(), k.App.ID)
	if err != nil {
		return nil, err
	}
	since, yes := cases[k.App.ID]
	if !yes {
		return nil, nil
	}
	if papers == nil {
		read, err := s.papersFor(c, k)
		if err != nil {
			return nil, err
		}
		papers = &read
	}
	out := &unprotected{since: since}
	add := func(x oldPaper) {
		if since.IsZero() || !x.at.After(since) {
			out.papers = append(out.papers, x)
		}
	}
	for _, d := range k.App.Documents {
		add(oldPaper{"document." + d.Kind, "", d.At, fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID), fmt.Sprintf("documents/%d-*", d.ID)})
	}
	for _, x := range papers.kept {
		add(oldPaper{"document." + x.Kind, "", x.At, fmt.Sprintf("/papers/%d", x.ID), papers.name(x)})
	}
	for _, x := range k.App.Attachments {
		add(oldPaper{"attachment." + x.Kind, x.Name, x.At, fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, x.ID), packedName(x)})
	}
	return out, nil
}
