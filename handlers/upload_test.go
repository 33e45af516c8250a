package handlers

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/jobs/clamd"
	"fund/jobs/clamd/clamdtest"
	"fund/workflow"
)

// sendFile uploads on the page of the files.
func (v *school) sendFile(pages http.Handler, who, name string, body []byte, want int) string {
	v.t.Helper()
	req := fileForm(v.t, v.path+"/edit/files", "letter_of_intent", name, body)
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, req)
	if w.Code != want {
		v.t.Fatalf("%s: %d, want %d: %s", name, w.Code, want, pageText(v.t, w.Body.String()))
	}
	return pageText(v.t, w.Body.String())
}

// fileForm is the POST of a page that takes a file.
func fileForm(t testing.TB, path, kind, name string, body []byte) *http.Request {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("kind", kind)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(body)
	m.Close()
	req := httptest.NewRequest(http.MethodPost, path, &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	return req
}

// scanned is a draft on a server with a (fake) virus scanner.
func scanned(t *testing.T) (*school, http.Handler, *clamdtest.Server) {
	t.Helper()
	v := newSchool(t)
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	fmt.Sscanf(v.path, "/applications/%d", &v.id)
	v.get("teacher", v.path, http.StatusOK)
	fake := clamdtest.Start(t)
	deps := v.server.Deps
	deps.Scanner, deps.Metrics = &clamd.Client{Addr: fake.Addr}, nil
	deps.Render = testRenderer(t)
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	deps.Static = static
	return v, New(deps).Handler(), fake
}

func (v *school) files() []workflow.Attachment {
	v.t.Helper()
	k, err := v.store.Case(v.t.Context(), workflow.Machine(), v.id)
	if err != nil {
		v.t.Fatal(err)
	}
	return k.App.Attachments
}

// The scanner here is a fake that speaks clamd's protocol.
func TestFilesAreScanned(t *testing.T) {
	t.Parallel()
	v, pages, fake := scanned(t)
	pdf := []byte("%PDF-1.4 avsikt\n%%EOF")
	v.sendFile(pages, "teacher", "avsikt.pdf", pdf, http.StatusSeeOther)
	if got := v.files(); len(got) != 1 || got[0].Scan != "clean" {
		t.Fatalf("%+v", got)
	}
	text := v.sendFile(pages, "teacher", "smitta.pdf", append(pdf, clamdtest.Signature...), http.StatusUnprocessableEntity)
	v.says(text, "skadlig kod (Fund.Test.Signature)", "avsikt.pdf") // the earlier file is still there
	if got := v.files(); len(got) != 1 {
		t.Errorf("an infected file was kept: %+v", got)
	}
	fake.Away.Store(true)
	v.sendFile(pages, "teacher", "senare.pdf", pdf, http.StatusSeeOther)
	got := v.files()
	if len(got) != 2 || got[1].Scan != "waiting" {
		t.Fatalf("%+v", got)
	}
	v.says(v.get("teacher", v.path+"/edit/files", http.StatusOK), "Viruskontrollen svarar inte")
	file := fmt.Sprintf("%s/attachments/%d", v.path, got[1].ID)
	v.get("teacher", file, http.StatusOK)
	v.act("teacher", v.path, "request_approval", "{}")
	v.get("principal", file, http.StatusConflict)
}

func TestPicturesLoseTheirPlaceAndNamesAreWarnedOf(t *testing.T) {
	t.Parallel()
	v, pages, _ := scanned(t)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	const place = "GPS 64.75 N 20.95 E"
	body := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(place) + 2)}, place...)
	body = append(body, plain.Bytes()[2:]...)
	v.sendFile(pages, "teacher", "avsikt 20090101-2385.jpg", body, http.StatusSeeOther)
	got := v.files()
	raw := v.raw("teacher", http.MethodGet, fmt.Sprintf("%s/attachments/%d", v.path, got[0].ID), "").Body.Bytes()
	if strings.Contains(string(raw), place) || !bytes.Equal(raw, plain.Bytes()) {
		t.Errorf("kept %d bytes, want the %d of the plain picture", len(raw), plain.Len())
	}
	v.sendFile(pages, "teacher", "trasig.jpg", body[:40], http.StatusUnprocessableEntity)
	_, _, personal := workflow.FindPersonalNumber("avsikt 20090101-2385.jpg")
	if !personal {
		t.Fatal("the test's number is none")
	}
	v.says(v.get("teacher", v.path+"/edit/files", http.StatusOK), "Byt namn på filen")
}

// TestKindStaysWhereTheFileIsTooLarge: the file can't be read, what was chosen for it before can.
func TestKindStaysWhereTheFileIsTooLarge(t *testing.T) {
	t.Parallel()
	v := writing(t)
	v.get("teacher", v.path+"/edit/files", http.StatusOK) // signs in
	req := fileForm(t, v.path+"/edit/files", "risk_assessment", "risk.pdf", make([]byte, formLimit))
	page := v.markup("teacher", req, http.StatusUnprocessableEntity)
	v.says(pageText(t, page), "Fil: Filen är för stor. Den kan vara högst 10 MB.")
	if !strings.Contains(page, `<option value="risk_assessment" selected`) {
		t.Error("the kind that was chosen is lost")
	}
}
