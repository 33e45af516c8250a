package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
)

// TestPagesAroundTheApplication holds the pages before, beside and after writing against axe and a phone's width.
func TestPagesAroundTheApplication(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := newSchool(t)
	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	filed := v.path
	receipt := regexp.MustCompile(`/receipts/[0-9a-f-]+`).FindString(v.raw("teacher", http.MethodGet, filed+"/receipt", "").Body.String())
	draft := fmt.Sprintf("/applications/%v", v.draft().at("id"))
	for who, paths := range map[string][]string{
		"teacher": {draft + "/edit/purpose", draft + "/edit/files", draft + "/writers", filed + "/copy", receipt, "/access", "/eligibility", "/eligibility?level=forskola&type=outgoing_group&country=Sverige&days=2&share=20&fee=yes"},
		"officer": {"/paper", "/hand-over?email=teacher@example.org", "/hand-over" + strings.TrimPrefix(draft, "/applications"), "/access/requests"},
	} {
		v.get(who, "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{Width: 1280})
		tab.SetCookie(url, sessionCookie, v.cookies[who])
		for i, path := range paths {
			tab.Open(url + path)
			if strings.Contains(tab.Text(), "⟦") {
				t.Errorf("%s lacks words", path)
			}
			for _, fault := range tab.Axe() {
				t.Errorf("%s: %s", path, fault)
			}
			if *pictures != "" {
				tab.SaveScreenshot(1280, fmt.Sprintf("%s/%s-%d.png", *pictures, who, i))
			}
			tab.Resize(360)
			if px, culprit := tab.SideScroll(); px > 0 {
				t.Errorf("%s scrolls %d px sideways at 360: %s", path, px, culprit)
			}
			tab.Resize(1280)
		}
	}
}
