package bank

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// message is what reads one family: it is told of each element by its path below
// the message element, such as GrpHdr/MsgId.
type message interface {
	open(path string)
	leaf(path, text, currency string)
	shut(path string) error
	end() error
	again() // another message of the file begins
}

// Read reads one file and hands each line to each as soon as it is complete, so
// that a file of any size needs little memory; File.Lines stays empty. An error of
// each ends the reading and is returned. When the file is refused (see Refusal),
// the File still has the SHA-256 of its bytes, and lines already handed out must
// not be applied: apply in a transaction.
func Read(src io.Reader, each func(Line) error) (File, error) {
	hash := sha256.New()
	size := &sized{src: src, left: MaxBytes}
	in := io.TeeReader(size, hash)
	file, err := read(in, each)
	// The rest is read too: the hash is over the whole file, refused or not.
	if _, rest := io.Copy(io.Discard, in); rest != nil && !errors.Is(err, ErrTooLarge) {
		err = rest
	}
	file.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if err != nil {
		return file, fmt.Errorf("read bank file: %w", err)
	}
	return file, nil
}

// ReadAll reads one file with its lines in memory.
func ReadAll(src io.Reader) (File, error) {
	var lines []Line
	file, err := Read(src, func(l Line) error {
		lines = append(lines, l)
		return nil
	})
	if err == nil {
		file.Lines = lines
	}
	return file, err
}

// sized refuses the byte after the last allowed one.
type sized struct {
	src  io.Reader
	left int
}

func (s *sized) Read(p []byte) (int, error) {
	if s.left < 0 {
		return 0, ErrTooLarge
	}
	if len(p) > s.left+1 {
		p = p[:s.left+1]
	}
	n, err := s.src.Read(p)
	s.left -= n
	if s.left < 0 {
		return n, ErrTooLarge
	}
	return n, err
}

func read(in io.Reader, each func(Line) error) (File, error) {
	file := File{}
	s := &sink{file: &file, each: each, seen: map[[16]byte]uint32{}}
	buffer := bufio.NewReader(in)
	bom, err := skipBOM(buffer)
	if err != nil {
		return file, err
	}
	body, wide, err := widened(buffer)
	if err != nil {
		return file, err
	}
	if body, err = plainXML(body); err != nil {
		return file, err
	}
	dec := xml.NewDecoder(body)
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch {
		case wide && wideName(label):
			return in, nil
		case bom, wide:
			s.found(FindingBOM, 0, label)
			return in, nil
		}
		return charset(label, in)
	}
	if err := (&walker{dec: dec, sink: s}).walk(); err != nil {
		return file, err
	}
	s.settleVersion()
	if file.MessageID == "" {
		s.found(FindingNoMessageID, 0, "")
	}
	if s.n == 0 {
		s.found(FindingNoLines, 0, "")
	}
	return file, nil
}

func skipBOM(r *bufio.Reader) (bool, error) {
	head, err := r.Peek(3)
	if len(head) == 0 && errors.Is(err, io.EOF) {
		return false, ErrEmpty
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if !bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		return false, nil
	}
	_, err = r.Discard(3)
	return true, err
}

// walker turns tokens into paths. It knows depth and leaves and nothing of banks.
type walker struct {
	dec  *xml.Decoder
	sink *sink
	msg  message

	depth    int
	roots    int
	msgDepth int // depth of the message element, 0 before it
	done     bool
	version  string
	misspelt bool

	path  []byte
	marks []int
	text  []byte
	ccy   string
	leaf  bool // no child since the last start
	free  int  // depth of an element that may hold anything, 0 for none
}

// maxLeaf is how many bytes of one element's text are looked at.
const maxLeaf = 16 << 10

func (w *walker) walk() error {
	for {
		token, err := w.dec.Token()
		if errors.Is(err, io.EOF) {
			return w.finish()
		}
		if err != nil {
			return refuse(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return ErrDoctype
		case xml.StartElement:
			err = w.start(t)
		case xml.EndElement:
			err = w.end()
		case xml.CharData:
			err = w.chars(t)
		}
		if err != nil {
			return err
		}
	}
}

// refuse tells a damaged file from a broken source: what the decoder complains of is
// not well-formed, what the reader below it returns is passed on.
func refuse(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, ErrCharset), errors.Is(err, ErrTooLarge):
		return err
	case errors.As(err, &syntax) && syntax.Msg == "invalid UTF-8":
		return fmt.Errorf("%w: line %d: %s", ErrCharset, syntax.Line, syntax.Msg)
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: line %d: %s", ErrNotXML, syntax.Line, cutText(syntax.Msg, 140))
	case strings.HasPrefix(err.Error(), "xml:"):
		return fmt.Errorf("%w: %s", ErrNotXML, cutText(err.Error(), 140))
	}
	return err
}

func (w *walker) finish() error {
	switch {
	case w.roots == 0:
		return ErrEmpty
	case w.msg == nil:
		return ErrOtherKind
	}
	return nil
}

func (w *walker) start(t xml.StartElement) error {
	if w.depth == 0 {
		w.roots++
		_, message := messages[t.Name.Local]
		switch {
		case w.done && (message || t.Name.Local == "Document"):
			return ErrSeveral // two files that somebody put behind each other
		case w.roots > 1:
			return fmt.Errorf("%w: a second root element", ErrNotXML)
		}
	}
	if w.depth++; w.depth > MaxDepth {
		return ErrTooDeep
	}
	if w.msgDepth == 0 {
		return w.outside(t)
	}
	w.leaf, w.text, w.ccy = true, w.text[:0], ""
	for _, a := range t.Attr {
		if a.Name.Local == "Ccy" {
			w.ccy = cutText(strings.ToUpper(strings.TrimSpace(a.Value)), 10)
		}
	}
	w.marks = append(w.marks, len(w.path))
	if len(w.path) > 0 {
		w.path = append(w.path, '/')
	}
	// A name longer than any of ISO's can match no path; its head is enough.
	w.path = append(w.path, cutText(t.Name.Local, 60)...)
	switch {
	case w.free > 0:
	case t.Name.Local == "Envlp":
		w.free = w.depth
	default:
		w.sink.known(t.Name.Local)
	}
	w.msg.open(string(w.path))
	return nil
}

// outside looks for the message below Document, or below a bank's own envelope.
func (w *walker) outside(t xml.StartElement) error {
	if v, odd := declared(t); v != "" {
		w.version, w.misspelt = v, odd
	}
	kind, ok := messages[t.Name.Local]
	if !ok && strings.HasPrefix(t.Name.Local, "pain.002.") {
		kind, ok = Pain002, true // the element's name before version .03
	}
	if !ok {
		return notRead[t.Name.Local]
	}
	if w.done {
		return w.another(kind)
	}
	w.msgDepth = w.depth
	w.sink.file.Kind = kind
	w.sink.file.Version, w.sink.misspelt = w.version, w.misspelt
	w.msg = w.sink.message(kind)
	return nil
}

// another goes on with a second message of the same kind, as banks send the statements of
// several accounts, or the answers to several files. Each stands for itself.
func (w *walker) another(kind Kind) error {
	if kind != w.sink.file.Kind {
		return ErrSeveral
	}
	w.msgDepth = w.depth
	w.sink.several++
	w.sink.found(FindingSeveral, 0, "")
	w.msg.again()
	return nil
}

func (w *walker) chars(t xml.CharData) error {
	if w.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
		return fmt.Errorf("%w: text outside the root element", ErrNotXML)
	}
	if w.msgDepth == 0 || !w.leaf {
		return nil
	}
	if room := maxLeaf - len(w.text); len(t) > room {
		t = t[:room]
		w.sink.found(FindingCut, 0, string(w.path))
	}
	w.text = append(w.text, t...)
	return nil
}

func (w *walker) end() error {
	w.depth--
	if w.msgDepth == 0 {
		return nil
	}
	if w.depth < w.msgDepth {
		w.msgDepth, w.done = 0, true
		return w.msg.end()
	}
	path := string(w.path)
	if w.leaf {
		// A cut may have fallen inside a letter.
		w.msg.leaf(path, strings.ToValidUTF8(string(w.text), ""), w.ccy)
	}
	w.leaf = false
	if w.free > w.depth {
		w.free = 0
	}
	last := len(w.marks) - 1
	w.path, w.marks = w.path[:w.marks[last]], w.marks[:last]
	return w.msg.shut(path)
}
