package pain001_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// node is an element as any reader sees it: the reader knows nothing of the
// encoder's types.
type node struct {
	name, text string
	attrs      map[string]string
	children   []*node
}

func read(t interface{ Fatalf(string, ...any) }, r io.Reader) *node {
	root := &node{}
	stack := []*node{root}
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
	return root
}

func (n *node) all(name string) (found []*node) {
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// at gives the element under a path, or nil.
func (n *node) at(path string) *node {
	for step := range strings.SplitSeq(path, "/") {
		next := n.all(step)
		if len(next) == 0 {
			return nil
		}
		n = next[0]
	}
	return n
}

// value gives the text under a path, "" if there is none.
func (n *node) value(path string) string {
	if at := n.at(path); at != nil {
		return at.text
	}
	return ""
}

// ore reads an amount without floats.
func ore(t interface{ Fatalf(string, ...any) }, s string) int64 {
	whole, part, ok := strings.Cut(s, ".")
	if !ok || len(part) != 2 {
		t.Fatalf("amount %q has not two decimals", s)
	}
	var k, o int64
	if _, err := fmt.Sscanf(whole+" "+part, "%d %d", &k, &o); err != nil {
		t.Fatalf("amount %q: %v", s, err)
	}
	return k*100 + o
}

func TestReaderSeesNesting(t *testing.T) {
	t.Parallel()
	root := read(t, strings.NewReader(`<a><b x="1">t</b><b>u</b></a>`))
	if got := root.value("a/b"); got != "t" || len(root.at("a").all("b")) != 2 || root.at("a/b").attrs["x"] != "1" || root.at("a/c") != nil {
		t.Fatalf("read %q", got)
	}
}
