package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// How large the crowd of the deadline hour is, and what is promised to it. The
// fund gets some forty applications a round; the crowd is five times that, all
// at once and without a breath between their requests.
const (
	crowd      = 40
	filings    = 200
	alone      = 10
	fileSize   = 1 << 20
	slower     = crowd            // times, at most: 95 of 100 answers in the crowd against one person alone
	receiptsIn = 60 * time.Second // after the last filing
	readyIn    = 60 * time.Second // after a kill -9
	restoreIn  = 5 * time.Minute  // of the whole round with its files
)

// TestServiceLevels measures what docs/operations.md promises, on the machine
// that it runs on: make load. Times differ from machine to machine; the ratios
// that it prints differ less.
func TestServiceLevels(t *testing.T) {
	if os.Getenv("FUND_TEST_LOAD") == "" {
		t.Skip("takes some minutes of a whole machine: make load")
	}
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-30T23:00:00+02:00")
	l := &load{t: t, at: p.url + "/api/v1"}
	for _, x := range []applicant{{school: "Baldergymnasiet", token: "teacher"}, {school: "Kågeskolan", token: "teacher2"}, {school: "Morö backe skola", token: "teacher.moro-backe-skola"}} {
		out, err := p.run("token", "--email", x.token+"@example.org")
		if err != nil {
			t.Fatal(err, out)
		}
		words := strings.Fields(out)
		x.token = words[len(words)-1]
		l.people = append(l.people, x)
	}

	l.file(1, alone)
	lone := l.take()
	began := time.Now()
	l.file(crowd, filings)
	took := time.Since(began)
	many := l.take()
	t.Logf("alone: half of the answers in %v, 95 of 100 in %v", lone.at(50), lone.at(95))
	t.Logf("%d people at once: half in %v (%.0f times), 95 of 100 in %v (%.0f times), all in %v", crowd, many.at(50), ratio(many.at(50), lone.at(50)), many.at(95), ratio(many.at(95), lone.at(95)), many.at(100))
	t.Logf("%d applications with a file of %d kB filed in %v: %.0f an hour", filings, fileSize>>10, took.Round(time.Second), float64(filings)/took.Hours())

	began = time.Now()
	p.clock("")
	receipts := time.Since(began)
	t.Logf("everything that follows was done %v after the last filing, %.2f of the filings' own time", receipts.Round(time.Second/10), receipts.Seconds()/took.Seconds())

	p.kill()
	began = time.Now()
	p.again()
	ready := time.Since(began)
	t.Logf("ready again %v after a kill", ready.Round(time.Second/10))

	file := filepath.Join(t.TempDir(), "fund.backup")
	began = time.Now()
	if out, err := p.run("backup", file); err != nil {
		t.Fatal(err, out)
	}
	saved := time.Since(began)
	i, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	other := &program{t: t, bin: p.bin, env: append(slices.DeleteFunc(slices.Clone(p.env), func(v string) bool { return strings.HasPrefix(v, "FUND_DATA=") }), "FUND_DATA="+filepath.Join(filepath.Dir(p.data), "other"))}
	began = time.Now()
	if out, err := other.run("restore", file); err != nil {
		t.Fatal(err, out)
	}
	restored := time.Since(began)
	t.Logf("backup of %d MB in %v, restore in %v (with a new PostgreSQL): %.2f of the filings' own time", i.Size()>>20, saved.Round(time.Second/10), restored.Round(time.Second/10), restored.Seconds()/took.Seconds())
	if out, err := other.run("audit", "verify"); err != nil || !strings.Contains(out, "the chain holds") {
		t.Errorf("after the restore: %v %s", err, out)
	}
	if r := ratio(many.at(95), lone.at(95)); r > slower {
		t.Errorf("a crowd of %d waits %.0f times as long as one alone, promised are %d", crowd, r, slower)
	}
	for _, x := range []struct {
		what        string
		got, within time.Duration
	}{{"what follows", receipts, receiptsIn}, {"ready after a kill", ready, readyIn}, {"restore", restored, restoreIn}} {
		if x.got > x.within {
			t.Errorf("%s took %v, promised are %v", x.what, x.got, x.within)
		}
	}
}

// run does one command of the program on its data.
func (p *program) run(args ...string) (string, error) {
	cmd := exec.Command(p.bin, args...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// load files applications and notes how long each answer took.
type load struct {
	t      *testing.T
	at     string
	people []applicant
	mu     sync.Mutex
	took   times
}

// applicant is a school's teacher.
type applicant struct{ school, token string }

type times []time.Duration

// at is the time within which so many of 100 answers came.
func (x times) at(percent int) time.Duration {
	return x[max(0, len(x)*percent/100-1)].Round(time.Millisecond)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, time.Millisecond)) }

func (l *load) take() times {
	out := slices.Sorted(slices.Values(l.took))
	l.took = nil
	return out
}

// file lets so many people file so many applications together.
func (l *load) file(people, n int) {
	var group sync.WaitGroup
	todo := make(chan int)
	for range people {
		group.Go(func() {
			for i := range todo {
				l.one(i)
			}
		})
	}
	for i := range n {
		todo <- i
	}
	close(todo)
	group.Wait()
	if l.t.Failed() {
		l.t.FailNow()
	}
}

// one is a person with a draft: three parts are saved, a file comes along, and it is filed.
func (l *load) one(i int) {
	who := l.people[i%len(l.people)]
	token, form := who.token, smallForm(fmt.Sprintf("Utbyte %d", i))
	form["applicant"] = map[string]any{"school": who.school}
	a := l.send(token, http.MethodPost, "/applications", "application/json", body(form), "")
	path := fmt.Sprintf("/applications/%v", a["id"])
	tag := func() string { return fmt.Sprintf(`"%v"`, a["version"]) }
	for _, part := range []string{"summary", "purpose", "preparation"} {
		a = l.send(token, http.MethodPatch, path, "application/json", body(map[string]any{"text": map[string]any{part: strings.Repeat("Vi åker till Pardubice. ", 30)}}), tag())
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	scan := make([]byte, fileSize) // no two alike, and nothing in them to compress
	_, _ = rand.NewChaCha8([32]byte{byte(i), byte(i >> 8)}).Read(scan)
	part, err := w.CreateFormFile("file", "brev.pdf")
	if err == nil {
		_, err = part.Write(append([]byte("%PDF-1.4\n"), scan...))
	}
	if err != nil || w.WriteField("kind", "letter_of_intent") != nil || w.Close() != nil {
		l.t.Error("the file could not be written", err)
		return
	}
	a = l.send(token, http.MethodPost, path+"/attachments", w.FormDataContentType(), b.Bytes(), "")
	a = l.send(token, http.MethodPost, path+"/actions/submit", "application/json", []byte("{}"), tag())
	if a["state"] != "submitted" && a["state"] != "under_check" {
		l.t.Errorf("application %d is %v", i, a["state"])
	}
}

func body(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain texts and numbers
	}
	return raw
}

func (l *load) send(token, method, path, kind string, raw []byte, tag string) (doc map[string]any) {
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.at+path, bytes.NewReader(raw))
	if err != nil {
		l.t.Error(err)
		return nil
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", kind)
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	began := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Error(err)
		return nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode > 299 || json.Unmarshal(text, &doc) != nil {
		l.t.Errorf("%s %s: %d %.300s %v", method, path, res.StatusCode, text, err)
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, time.Since(began))
	return doc
}
