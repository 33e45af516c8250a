package sieread

import "bytes"

// parted parts a line that holds more than one: the braces round a voucher's rows and
// each row should stand alone, but nothing of a voucher is dropped where they do not.
// A brace at the end of a #VER is left to parse, as many programs write it.
func parted(line []byte) [][]byte {
	if len(line) < 2 || line[0] != '{' && line[0] != '}' && !label(line, "#VER", "#TRANS", "#RTRANS", "#BTRANS") {
		return [][]byte{line}
	}
	var out [][]byte
	begin, list, words := 0, false, false // words: something stands since begin
	cut := func(end, next int) {
		if piece := bytes.Trim(line[begin:end], " \t"); len(piece) > 0 {
			out = append(out, piece)
		}
		begin, words = next, false
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			_, end, _ := quoted(line, i+1)
			i, words = end-1, true
		case c == '{' && !list && rows(line[i+1:]):
			cut(i, i)
			cut(i+1, i+1)
		case c == '{':
			list = true
		case c == '}' && list:
			list = false
		case c == '}':
			cut(i, i)
			cut(i+1, i+1)
		case c == '#' && words && !list && (separator(line[i-1]) || line[i-1] == '}') && label(line[i:], rowLabels...):
			cut(i, i)
			words = true
		case !separator(c):
			words = true
		}
	}
	cut(len(line), len(line))
	return out
}

// rows tells whether a brace opens rows: a record follows it, and no object list.
func rows(after []byte) bool {
	return label(bytes.TrimLeft(after, " \t"), rowLabels...)
}

var rowLabels = []string{"#TRANS", "#RTRANS", "#BTRANS"}

// label tells whether a record of one of the labels begins here.
func label(b []byte, labels ...string) bool {
	for _, l := range labels {
		if len(b) > len(l) && bytes.EqualFold(b[:len(l)], []byte(l)) && (separator(b[len(l)]) || b[len(l)] == '"') {
			return true
		}
	}
	return false
}
