package sie_test

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The reader below is a receiver's: it takes what other programs write too
// (tabs, bare fields, \", any order of header records, quantities, vouchers
// without rows) and knows nothing of the encoder.

type record struct {
	label  string
	fields []value
}

type value struct {
	text string
	list []string // of an object list
}

type booked struct {
	head record
	rows []record
}

type content struct {
	head     []record
	vouchers []booked
	sumGiven string
	sum      uint32
}

func readFile(b []byte) (content, error) {
	var c content
	text, err := charmap.CodePage437.NewDecoder().Bytes(b)
	if err != nil {
		return c, err
	}
	crc, summing, inside := crc32.NewIEEE(), false, false
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.Trim(line, " \t\r")
		switch {
		case line == "":
			continue
		case line == "{" && len(c.vouchers) > 0 && !inside:
			inside = true
			continue
		case line == "}" && inside:
			inside = false
			continue
		}
		r, err := readRecord(line)
		if err != nil {
			return c, fmt.Errorf("line %d: %w", n+1, err)
		}
		if r.label == "#KSUMMA" {
			if summing {
				c.sumGiven, c.sum = r.fields[0].text, crc.Sum32()
			}
			summing = !summing
			continue
		}
		if summing {
			cp, err := charmap.CodePage437.NewEncoder().String(r.flat())
			if err != nil {
				return c, err
			}
			crc.Write([]byte(cp))
		}
		switch {
		case r.label == "#VER":
			c.vouchers = append(c.vouchers, booked{head: r})
		case inside:
			v := &c.vouchers[len(c.vouchers)-1]
			v.rows = append(v.rows, r)
		default:
			c.head = append(c.head, r)
		}
	}
	if inside || summing {
		return c, fmt.Errorf("the file is cut off")
	}
	return c, nil
}

func (r record) flat() string {
	s := r.label
	for _, f := range r.fields {
		s += f.text + strings.Join(f.list, "")
	}
	return s
}

func readRecord(line string) (record, error) {
	var r record
	var list *[]string
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '{' && list == nil:
			list = &[]string{}
			i++
		case c == '}' && list != nil:
			r.fields = append(r.fields, value{list: *list})
			list = nil
			i++
		default:
			text, end, err := readField(line, i)
			if err != nil {
				return r, err
			}
			i = end
			switch {
			case list != nil:
				*list = append(*list, text)
			case r.label == "":
				r.label = text
			default:
				r.fields = append(r.fields, value{text: text})
			}
		}
	}
	if list != nil || !strings.HasPrefix(r.label, "#") {
		return r, fmt.Errorf("no record: %s", line)
	}
	return r, nil
}

func readField(line string, i int) (text string, end int, err error) {
	if line[i] != '"' {
		for end = i; end < len(line) && !strings.ContainsRune(" \t{}", rune(line[end])); end++ {
		}
		return line[i:end], end, nil
	}
	for end = i + 1; end < len(line); end++ {
		switch {
		case line[end] == '\\' && end+1 < len(line) && line[end+1] == '"':
			end++
			text += `"`
		case line[end] == '"':
			return text, end + 1, nil
		default:
			text += line[end : end+1]
		}
	}
	return "", 0, fmt.Errorf("a quote is not closed")
}

func (r record) at(i int) string {
	if i < len(r.fields) {
		return r.fields[i].text
	}
	return ""
}

func ore(s string) (int64, error) {
	whole, part, ok := strings.Cut(s, ".")
	if !ok || len(part) != 2 {
		return 0, fmt.Errorf("amount %q has not two decimals", s)
	}
	return strconv.ParseInt(whole+part, 10, 64)
}

func TestReaderReadsOtherPrograms(t *testing.T) {
	t.Parallel()
	c, err := readFile([]byte("#FLAGGA 1\n#FNAMN\t\"A \\\"B\\\"\"\n#VER A 1 20270101 Text\n{\n#TRANS 1 {} -1.50 \"\" \"x\" 2\n#TRANS 2 {1 \"10\" 6 x} 1.50\n}\n#VER \"\" \"\" 20270102\n"))
	if err != nil || len(c.head) != 2 || c.head[1].at(0) != `A "B"` || len(c.vouchers) != 2 || len(c.vouchers[0].rows) != 2 {
		t.Fatalf("read %+v, %v", c, err)
	}
	if got := c.vouchers[0].rows[1]; fmt.Sprint(got.fields[1].list) != "[1 10 6 x]" || got.at(2) != "1.50" {
		t.Fatalf("read %+v", got)
	}
	if _, err := readFile([]byte("#VER A 1 20270101\n{\n#TRANS 1 {} 1.00\n")); err == nil {
		t.Fatal("a file cut off was read")
	}
}
