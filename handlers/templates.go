package handlers

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"fund/workflow/lang"
)

//go:embed templates
var templateFiles embed.FS

// Renderer holds every page, parsed once per language with that language's
// functions bound, so that requests share nothing that changes.
type Renderer struct {
	sets map[lang.Lang]*set
}

// set is one language: the pages by name ("application/budget"), and the
// layout with its parts alone.
type set struct {
	parts *template.Template
	pages map[string]*template.Template
}

// NewRenderer parses templates/layout.html, templates/parts/*.html and every
// templates/<room>/<page>.html. An unknown partial or a fault in a template is
// an error here, not on the screen of whoever opens the page.
func NewRenderer(static *Static) (*Renderer, error) {
	root, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return newRenderer(root, static)
}

func newRenderer(root fs.FS, static *Static) (*Renderer, error) {
	r := &Renderer{sets: map[lang.Lang]*set{}}
	for _, l := range lang.All() {
		s, err := parseSet(root, static, l)
		if err != nil {
			return nil, fmt.Errorf("templates in %s: %w", l, err)
		}
		r.sets[l] = s
	}
	return r, nil
}

func parseSet(root fs.FS, static *Static, l lang.Lang) (*set, error) {
	parts, err := template.New("").Option("missingkey=error").Funcs(funcs(l, static)).
		ParseFS(root, "layout.html", "parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("layout and parts: %w", err)
	}
	names, err := fs.Glob(root, "*/*.html")
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	s := &set{parts: parts, pages: map[string]*template.Template{}}
	for _, file := range names {
		if path.Dir(file) == "parts" {
			continue
		}
		name := strings.TrimSuffix(file, ".html")
		if s.pages[name], err = parsePage(root, parts, file); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	return s, nil
}

func parsePage(root fs.FS, parts *template.Template, file string) (*template.Template, error) {
	page, err := parts.Clone()
	if err != nil {
		return nil, fmt.Errorf("clone: %w", err)
	}
	raw, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if _, err := page.New(file).Parse(string(raw)); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if unknown := unknownPartials(page); len(unknown) > 0 {
		return nil, fmt.Errorf("no partial %s", strings.Join(unknown, ", "))
	}
	return page, nil
}

// unknownPartials lists what a page calls and nobody defines.
func unknownPartials(page *template.Template) (unknown []string) {
	for _, t := range page.Templates() {
		if t.Tree == nil {
			continue
		}
		walk(t.Tree.Root, func(n parse.Node) {
			call, ok := n.(*parse.TemplateNode)
			if ok && page.Lookup(call.Name) == nil && !slices.Contains(unknown, call.Name) {
				unknown = append(unknown, call.Name)
			}
		})
	}
	return unknown
}

// walk visits the node and what stands below it.
func walk(n parse.Node, visit func(parse.Node)) {
	if n == nil {
		return
	}
	visit(n)
	branch := func(b *parse.BranchNode) {
		walk(b.Pipe, visit)
		walk(b.List, visit)
		if b.ElseList != nil {
			walk(b.ElseList, visit)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, visit)
		}
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c, visit)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			walk(a, visit)
		}
	}
}

// errNoPage is a name that no template file has.
var errNoPage = errors.New("no such page")

// Render writes a page in its own language. The page is made whole in memory
// first, so a fault in it never reaches the browser half way: on error nothing
// has been written. data embeds Page.
func (r *Renderer) Render(w http.ResponseWriter, status int, name string, data rendered) error {
	p := data.common()
	t := r.set(p.Lang).pages[name]
	if t == nil {
		return fmt.Errorf("page %s: %w", name, errNoPage)
	}
	if err := nameFaults(t, p.Lang, p.Errors, data); err != nil {
		return err
	}
	return write(w, status, p.Lang, t, "layout", data)
}

// nameFaults draws a refused page once beforehand. The list of faults stands
// above the controls; so it learns what they are called, which there are, and
// their order, which is also the list's. What has no control comes last, and an
// empty one that is chosen and not written is asked about as such.
func nameFaults(t *template.Template, l lang.Lang, faults []FieldError, data any) error {
	if len(faults) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", data); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	for i := range faults {
		f := &faults[i]
		id := fieldID(f.Field)
		if f.place = bytes.Index(b.Bytes(), []byte(`id="`+id+`"`)); f.place >= 0 || f.Field == "" { // the whole form's fault comes first
			if f.Field != "" && f.Message == lang.T(l, "violation.required") {
				if key := drawnKey(b.Bytes(), id, f.place); key != "" {
					f.Message = lang.T(l, key)
				}
			}
			continue
		}
		group := []byte(`id="` + id + `-`)
		f.place = bytes.Index(b.Bytes(), group)
		if f.loose = f.place < 0; f.loose {
			f.place = b.Len()
			continue
		}
		end, _, _ := bytes.Cut(b.Bytes()[f.place+len(group):], []byte(`"`))
		f.part = id + "-" + string(end) // its first control
	}
	slices.SortStableFunc(faults, func(a, b FieldError) int { return a.place - b.place })
	return nil
}

// RenderPart writes one partial alone: what a script asks for to refresh a live box.
func (r *Renderer) RenderPart(w http.ResponseWriter, status int, l lang.Lang, name string, data any) error {
	parts, err := r.set(l).parts.Clone() // executing would forbid later clones
	if err != nil {
		return fmt.Errorf("partial %s: %w", name, err)
	}
	return write(w, status, l, parts, name, data)
}

func (r *Renderer) set(l lang.Lang) *set {
	if s := r.sets[l]; s != nil {
		return s
	}
	return r.sets[lang.SV]
}

func write(w http.ResponseWriter, status int, l lang.Lang, t *template.Template, name string, data any) error {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Cache-Control", "no-store") // what one person reads is not for the next at the same screen
	w.WriteHeader(status)
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("send page: %w", err)
	}
	return nil
}
