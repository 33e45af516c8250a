package lettertest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// painting are the operators that leave something on the page.
var painting = []string{"Tj", "TJ", "'", "\"", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*", "sh", "Do", "EI"}

// pages: everything that is painted is text of the structure or set aside, in
// colours that the profile explains, and in plain operators.
func (c *checker) pages(catalog string) {
	c.shown = map[[2]int]string{}
	_, pages := c.file.at(catalog, "Pages")
	for n, page := range list(pages, "Kids") {
		dict := c.file.dicts[page]
		c.doc.Pages++
		c.want(value(dict, "StructParents") == strconv.Itoa(n), "page %d has no number among the parents", n+1)
		c.want(value(dict, "Tabs") == "S", "page %d is not walked in the order of the structure", n+1)
		body, _ := c.file.at(dict, "Contents")
		c.content(n+1, page, string(c.file.streams[body]))
	}
	c.want(c.doc.Pages > 0, "no page")
}

var (
	begins = regexp.MustCompile(`^/(\w+) <</MCID (\d+)>> BDC$`)
	shows  = regexp.MustCompile(`\((?s:((?:[^\\)]|\\.)*))\) Tj`)
)

func (c *checker) content(n, page int, body string) {
	const outside, aside = -1, -2
	mark := outside
	// A string may hold the byte of a line's end, so lines are cut outside strings.
	for _, line := range lines(body) {
		switch m := begins.FindStringSubmatch(line); {
		case m != nil, line == "/Artifact BMC":
			c.want(mark == outside, "page %d: marks stand inside one another at %q", n, line)
			mark = aside
			if m != nil {
				mark, _ = strconv.Atoi(m[2]) // digits only
				_, twice := c.shown[[2]int{page, mark}]
				c.want(!twice, "page %d: mark %d stands twice", n, mark)
				c.shown[[2]int{page, mark}] = ""
			}
			continue
		case line == "EMC":
			c.want(mark != outside, "page %d: a mark ends that did not begin", n)
			mark = outside
			continue
		}
		for _, word := range strings.Fields(shows.ReplaceAllString(line, "() Tj")) {
			c.want(mark != outside || !slices.Contains(painting, word), "page %d paints outside the structure: %q", n, line)
			c.want(!slices.Contains([]string{"gs", "Do", "sh", "k", "K", "cs", "CS", "EI"}, word), "page %d uses %s", n, word)
		}
		if m := shows.FindStringSubmatch(line); m != nil && mark >= 0 {
			c.shown[[2]int{page, mark}] += decode(m[1])
		}
	}
	c.want(mark == outside, "page %d: a mark does not end", n)
}

// lines cuts at line ends outside strings.
func lines(body string) (all []string) {
	depth, begin := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		case '\n':
			if depth == 0 {
				all = append(all, strings.TrimSpace(body[begin:i]))
				begin = i + 1
			}
		}
	}
	return append(all, strings.TrimSpace(body[begin:]))
}

// decode reads a shown string: two bytes a letter, some of them escaped.
func decode(s string) string {
	var raw []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, s[i])
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// kinds are the standard types that we use (14.8.4).
var kinds = []string{"Document", "H1", "H2", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD"}

// structure: each mark of a page has one element, each element a parent, and
// the parents' table says the same as the tree.
func (c *checker) structure(catalog string) {
	root, tree := c.file.at(catalog, "StructTreeRoot")
	top, _ := c.file.at(tree, "K")
	_, parents := c.file.at(tree, "ParentTree")
	seen := map[[2]int]int{}
	heads := 0
	var walk func(n, parent int)
	walk = func(n, parent int) {
		dict := c.file.dicts[n]
		kind := value(dict, "S")
		up, _ := c.file.at(dict, "P")
		c.want(value(dict, "Type") == "StructElem" && up == parent, "element %d has the parent %d, not %d", n, up, parent)
		c.want(slices.Contains(kinds, kind), "element %d is of the kind %q", n, kind)
		c.want(kind != "TH" || strings.Contains(dict, "/Scope /"), "a table's head does not say of what")
		if kind == "H1" {
			heads++
		}
		text := ""
		for _, m := range regexp.MustCompile(`/Pg (\d+) 0 R /MCID (\d+)`).FindAllStringSubmatch(dict, -1) {
			page, _ := strconv.Atoi(m[1])
			mark, _ := strconv.Atoi(m[2]) // digits only
			at := [2]int{page, mark}
			said, there := c.shown[at]
			_, twice := seen[at]
			c.want(there && !twice, "element %d (%s) tells of mark %d on page object %d (there: %t, told before: %t)", n, kind, mark, page, there, twice)
			seen[at] = n
			text += said
		}
		if text != "" {
			c.doc.Text = append(c.doc.Text, kind+" "+strings.TrimSpace(text))
		}
		_, k, _ := strings.Cut(dict, "/K [")
		for _, r := range ref.FindAllStringSubmatch(regexp.MustCompile(`<< /Type /MCR[^>]*>>`).ReplaceAllString(k, ""), -1) {
			kid, _ := strconv.Atoi(r[1]) // digits only
			walk(kid, n)
		}
	}
	walk(top, root)
	c.want(heads == 1, "%d headings of the first level", heads)
	c.want(len(seen) == len(c.shown), "%d pieces of text are marked, %d stand in the structure", len(c.shown), len(seen))
	_, pages := c.file.at(catalog, "Pages")
	for i, page := range list(pages, "Kids") {
		all := owners(parents, i)
		for mark, owner := range all {
			c.want(
				seen[[2]int{page, mark}] == owner,
				"page %d: the parents' table gives mark %d to %d, the tree to %d",
				i+1,
				mark,
				owner,
				seen[[2]int{page, mark}],
			)
		}
		c.want(len(all) > 0, "page %d is not among the parents", i+1)
	}
}

// owners are the elements of a page's marks, in order.
func owners(parents string, page int) (all []int) {
	m := regexp.MustCompile(fmt.Sprintf(`[\[ ]%d \[([^\]]*)\]`, page)).FindStringSubmatch(parents)
	if m == nil {
		return nil
	}
	for _, r := range ref.FindAllStringSubmatch(m[1], -1) {
		n, _ := strconv.Atoi(r[1]) // digits only
		all = append(all, n)
	}
	return all
}
