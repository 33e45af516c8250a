package handlers

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"fund/workflow"
)

func TestFiftySubmitsAreOneApplication(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	fmt.Sscanf(v.path, "/applications/%d", &v.id)
	v.get("teacher", v.path+"/check", http.StatusOK)
	before, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	body := url.Values{"version": {fmt.Sprint(before.App.Version)}, "do": {"submit"}}.Encode()
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for range 50 {
		wg.Go(func() {
			<-begin
			req := httptest.NewRequest(http.MethodPost, v.path+"/check", strings.NewReader(body))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["teacher"]})
			w := httptest.NewRecorder()
			v.pages.ServeHTTP(w, req)
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path+"/receipt" {
				t.Errorf("%d %s: %s", w.Code, w.Header().Get("Location"), pageText(t, w.Body.String()))
			}
		})
	}
	close(begin)
	wg.Wait()
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil || len(k.App.Filed) != 1 || k.App.Version != before.App.Version+1 {
		t.Fatalf("%d versions filed, version %d, %v", len(k.App.Filed), k.App.Version, err)
	}
	first := v.get("teacher", v.path+"/receipt", http.StatusOK)
	v.says(first, "Inom 10 arbetsdagar.", "2 bedömare läser") // the round's own numbers
	v.says(first, k.App.DNR, "Kvittensen som PDF görs just nu")
	if again := v.get("teacher", v.path+"/receipt", http.StatusOK); again != first {
		t.Error("two looks at the receipt differ")
	}
}

func TestReceiptIsConfirmedToItsHolder(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	file := []byte("%PDF-1.4 avsikt\n%%EOF")
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	v.upload("teacher", strings.TrimPrefix(v.path, "/applications/"), "letter_of_intent", "avsikt.pdf", file).want(http.StatusCreated)
	v.act("teacher", v.path, "submit", "{}")
	w := v.raw("teacher", http.MethodGet, v.path+"/receipt", "")
	code := regexp.MustCompile(`/receipts/([0-9]+-1-[0-9a-f]{24})`).FindString(w.Body.String())
	if code == "" {
		t.Fatal("the receipt has no address")
	}
	anybody := func(req *http.Request) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, req)
		return w
	}
	got := anybody(httptest.NewRequest(http.MethodGet, code, nil))
	text := pageText(t, got.Body.String())
	v.says(text, "IF 2026-", "Svensk tid")
	if strings.Contains(text, "Brahestad") || strings.Contains(text, "avsikt.pdf") {
		t.Error("the proof shows what the application holds")
	}
	checkHTML(t, got.Body.String())
	last := map[byte]string{'0': "1"}[code[len(code)-1]]
	if last == "" {
		last = "0"
	}
	for _, wrong := range []string{code[:len(code)-1] + last, "/receipts/1", "/receipts/0-0-" + strings.Repeat("0", 24)} {
		if got := anybody(httptest.NewRequest(http.MethodGet, wrong, nil)); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", wrong, got.Code)
		} else {
			v.says(pageText(t, got.Body.String()), "Kvittensen är inte vår")
			checkHTML(t, got.Body.String())
		}
	}
	for name, tt := range map[string]struct {
		body []byte
		says string
	}{"the same": {file, "Filen stämmer."}, "another": {append(file, ' '), "stämmer inte"}} {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		part, err := m.CreateFormFile("file", "x.pdf")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(tt.body)
		m.Close()
		req := httptest.NewRequest(http.MethodPost, code, &b)
		req.Header.Set("Content-Type", m.FormDataContentType())
		if got := anybody(req); !strings.Contains(pageText(t, got.Body.String()), tt.says) {
			t.Errorf("%s: %d %s", name, got.Code, pageText(t, got.Body.String()))
		}
	}
}
