package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fund/handlers/webtest"
)

// followed is a granted exchange and the screen on which everybody works with it.
type followed struct {
	*program
	b         *webtest.Browser
	o         webtest.Options
	title, id string
	visits    map[string]*visit
}

// who is somebody at that screen, signed in once.
func (x *followed) who(name string) *visit {
	x.t.Helper()
	if x.visits[name] == nil {
		v := x.as(x.b, name, x.o)
		v.narrow = x.o.Width == 360
		x.visits[name] = v
	}
	return x.visits[name]
}

// path is a page of the case: "do/%s/settle".
func (x *followed) path(page string) string { return "/" + strings.ReplaceAll(page, "%s", x.id) }

// TestE2EFollowUp walks two exchanges from the request for a change to the money that came back, as
// teacher, school's economist, principal, officer, head and finance: one on a desktop with scripts and axe on
// each page, one on a phone without scripts, where no page may scroll sideways.
func TestE2EFollowUp(t *testing.T) {
	screens := []webtest.Options{{}, {Width: 360, WithoutJS: true}}
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.api("admin", http.MethodPatch, "/rounds/HT26", map[string]any{"parameters": map[string]any{"grants_per_school": len(screens)}}, p.api("admin", http.MethodGet, "/rounds/HT26", nil)["version"])
	p.clock("2026-09-21T10:00:00+02:00")
	var lives []*followed
	for i, o := range screens {
		title := []string{"Sånger över havet", "Broar och bågar"}[i]
		id := fmt.Sprint(p.api("officer", http.MethodPost, "/applications", followForm(title))["id"])
		lives = append(lives, &followed{program: p, b: b, o: o, title: title, id: id, visits: map[string]*visit{}})
	}
	p.clock("") // the program takes them up
	for _, x := range lives {
		p.act("principal", x.id, "approve", map[string]any{})
	}
	p.clock("2026-10-02T10:00:00+02:00")
	for _, x := range lives {
		p.grant(x.id)
	}
	p.clock("2026-12-02T09:00:00+01:00")
	each := func(at string, step func(*followed)) {
		t.Helper()
		if at != "" {
			p.clock(at)
		}
		for _, x := range lives {
			step(x)
		}
		p.clock("")
	}
	each("", (*followed).askForChange)
	each("2026-12-04T09:00:00+01:00", (*followed).answerChange)
	each("", (*followed).readChange)
	p.payBoth(lives)
	each("2027-02-10T08:30:00+01:00", (*followed).onTheBus)
	each("2027-02-18T15:00:00+01:00", (*followed).report)
	each("2027-02-19T09:00:00+01:00", func(x *followed) { x.approveMoney("economist") })
	each("2027-02-22T09:00:00+01:00", (*followed).sendBack)
	each("2027-02-24T09:00:00+01:00", (*followed).answer)
	each("", func(x *followed) { x.approveMoney("principal") })
	each("2027-03-01T09:00:00+01:00", (*followed).settle)
	each("", (*followed).state)
	each("2027-03-10T09:00:00+01:00", (*followed).claim)
	each("2027-04-01T09:00:00+02:00", (*followed).payBack)
	for _, x := range lives {
		if got := p.api("officer", http.MethodGet, "/applications/"+x.id, nil)["state"]; got != "closed" {
			t.Errorf("%s is %v, want closed", x.title, got)
		}
		p.proved(x.id)
	}
}

// proved fetches a case's package and proves it as its README says: by the program where no fund runs, which
// finds a changed byte.
func (p *program) proved(id string) {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.url+"/api/v1/applications/"+id+"/package", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token("registrar"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(raw, []byte("reports/1.pdf")) {
		p.t.Fatalf("package of %s: %d, %d bytes, %v", id, res.StatusCode, len(raw), err)
	}
	audit := func(body []byte) (string, error) {
		file := filepath.Join(p.t.TempDir(), "package.zip")
		if err := os.WriteFile(file, body, 0o600); err != nil {
			p.t.Fatal(err)
		}
		cmd := exec.CommandContext(p.t.Context(), p.bin, "audit", "package", file)
		cmd.Env = []string{} // nothing of the fund's
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := audit(raw); err != nil || !strings.Contains(out, "as the fund made it") {
		p.t.Errorf("the package of %s is not proved: %v\n%s", id, err, out)
	}
	raw[bytes.Index(raw, []byte("reports/1.pdf"))+200]++ // in what the file is compressed to
	if out, err := audit(raw); err == nil {
		p.t.Errorf("a changed package of %s passes: %s", id, out)
	}
}

// followForm is an exchange with two costs and two goals; the fund's share is enough for 30 000 kr.
func followForm(title string) map[string]any {
	form := reviewForm()
	form["title"] = title
	form["activity"] = map[string]any{"type": "outgoing_group", "start": "2027-02-01", "end": "2027-02-07", "travel_days": 2, "programme_days": 5, "joint_share": 0.8}
	form["text"] = map[string]any{"summary": "Ett möte.", "purpose": "Att mötas.", "risk": "Genomgången.",
		"goals": []any{map[string]any{"goal": "Alla redovisar", "indicator": "24 redovisningar"}, map[string]any{"goal": "Kontakten fortsätter", "indicator": "Ett datum"}}}
	form["budget"] = []any{map[string]any{"line": 1, "code": "RES", "text": "Tåg", "amount": 40000}, map[string]any{"line": 2, "code": "PRG", "text": "Museum", "amount": 8000}}
	form["funding"] = []any{map[string]any{"source": "Skolan", "type": "own", "amount": 18000, "status": "confirmed"}}
	form["requested"] = 30000
	return form
}

// grant walks a case over the API to the accepted conditions.
func (p *program) grant(id string) {
	p.t.Helper()
	ratings, comments := map[string]any{}, map[string]any{}
	for n := range 5 {
		k := fmt.Sprintf("K%d", n+1)
		ratings[k], comments[k] = 4, strings.Repeat("Ansökan visar det som vägledningen beskriver. ", 2)
	}
	p.act("officer", id, "rule_eligibility", map[string]any{"eligible": true, "rulings": []any{}})
	p.act("officer", id, "assign_reviewers", map[string]any{"reviewers": []string{"reviewer1@example.org", "reviewer2@example.org"}})
	for _, who := range []string{"reviewer1", "reviewer2"} {
		p.act(who, id, "declare_interest", map[string]any{"conflict": false})
		p.act(who, id, "submit_review", map[string]any{"ratings": ratings, "comments": comments})
	}
	p.act("officer", id, "set_consensus", map[string]any{"ratings": ratings, "comment": "Enigt."})
	p.act("officer", id, "rank", map[string]any{})
	decision := map[string]any{"outcome": "granted", "amount": 30000, "reasons": []string{}, "text": "Ett väl förberett utbyte.", "conditions": []any{}}
	p.act("officer", id, "propose", decision)
	decision["delegation_item"] = "3.1"
	p.act("head", id, "decide", decision)
	p.clock("") // the letter is made
	p.act("secretary", id, "record_notice", map[string]any{"posted_on": "2026-10-02"})
	p.act("teacher", id, "accept_conditions", map[string]any{})
	p.clock("")
	for _, who := range []string{"finance1", "finance2"} {
		p.act(who, id, "verify_account", map[string]any{"called_back": true, "note": "Jämfört."})
	}
}

// payBoth pays what both cases have to get, in one batch.
func (p *program) payBoth(lives []*followed) {
	p.t.Helper()
	p.clock("2026-12-15T09:00:00+01:00")
	var ids []any
	for _, x := range lives {
		p.act("officer", x.id, "check_advisory", map[string]any{"level": "none", "source": "UD", "on": "2026-12-15"})
		ids = append(ids, p.api("officer", http.MethodGet, "/applications/"+x.id, nil)["id"])
	}
	p.clock("")
	batch := fmt.Sprint("/payout-batches/", p.api("finance1", http.MethodPost, "/payout-batches", map[string]any{"applications": ids, "pay_date": "2026-12-17"})["id"])
	for _, x := range []struct {
		who, action string
		body        map[string]any
	}{{"finance1", "attest1", nil}, {"finance2", "attest2", nil}, {"finance1", "export", nil}, {"finance1", "mark_paid", map[string]any{"on": "2026-12-17", "voucher": "IF 4101"}}} {
		if x.action == "mark_paid" {
			p.clock("2026-12-17T15:00:00+01:00")
		}
		if x.body == nil {
			x.body = map[string]any{}
		}
		p.api(x.who, http.MethodPost, batch+"/actions/"+x.action, x.body, p.api(x.who, http.MethodGet, batch, nil)["version"])
	}
	p.clock("")
}

// askForChange: the school sees who decides, and by when, before it asks.
func (x *followed) askForChange() {
	v := x.who("teacher")
	v.open(x.path("applications/%s"))
	v.press("Begär ändring")
	v.press("Flytta resan")
	v.Fill("Första resdag", "2027-02-08")
	v.Fill("Sista resdag", "2027-02-14")
	v.press("Visa vad som ändras")
	v.See("Vem beslutar?", "Handläggaren", "En liten ändring avgörs av handläggaren.", "Svar senast", "7 dagar", "måndag 1 februari 2027")
	v.press("Skicka begäran") // without a cause: what was typed stays
	v.See("Varför behöver ni ändra?")
	if got := v.Value("Första resdag"); got != "2027-02-08" {
		x.t.Errorf("after a fault the first day is %q", got)
	}
	v.Choose("Något utanför skolans kontroll")
	v.Fill("Varför behöver ni ändra?", "Partnerskolan har prov.")
	v.press("Skicka begäran")
	v.See("Väntar på svar. Beslutas av: Handläggaren.", "måndag 1 februari 2027 → måndag 8 februari 2027")
}

func (x *followed) answerChange() {
	v := x.who("officer")
	v.open(x.path("cases/%s"))
	v.See("Sökanden väntar på svar om en ändring.")
	v.open(x.path("do/%s/decide_change"))
	v.See("måndag 8 februari 2027", "Partnerskolan har prov.", "Sista dag för slutrapport")
	v.Choose("Godkänd")
	v.Fill("Skäl", "Dagarna ryms.")
	v.press("Besluta om ändringen")
}

// readChange: the decision is a document that the case leads to.
func (x *followed) readChange() {
	v := x.who("teacher")
	v.open(x.path("applications/%s"))
	v.See("Godkänd", "Svar: Dagarna ryms.", "Läs beslutet om ändringen")
	got := v.Eval(`(() => { const a = [...document.querySelectorAll("a")].find((a) => a.textContent.includes("Läs beslutet om ändringen")); const r = new XMLHttpRequest(); r.open("GET", a.href, false); r.send(); return r.status + " " + r.getResponseHeader("Content-Type"); })()`)
	if got != "200 application/pdf" {
		x.t.Errorf("the decision on the change is %s", got)
	}
}

// onTheBus: the page says what now, and a note on what happened reaches the office.
func (x *followed) onTheBus() {
	v := x.who("teacher")
	v.open(x.path("applications/%s"))
	v.See("Resan pågår.", "15 april 2027")
	v.press("Skriv till oss i ärendet")
	v.Fill("Skriv ett meddelande", "Bussen gick sönder. Alla mår bra, vi kommer en dag senare.")
	v.press("Skicka")
	officer := x.who("officer")
	officer.open(x.path("cases/%s/messages"))
	officer.See("Bussen gick sönder.")
}

// report: each cost has its answer, great differences their reason, and every goal a word.
func (x *followed) report() {
	v := x.who("teacher")
	v.open(x.path("applications/%s"))
	v.press("Skriv slutrapporten")
	v.Fill("Kostnad, rad 1", "24 000")
	v.Fill("Verifikat, rad 1", "V 12")
	v.Fill("Andra bidrag ni fick", "0")
	v.Fill("Hur gick det?", "Vi sjöng i tre kyrkor.")
	v.press("Skicka in rapporten")
	v.See("Skriv 0 om det inte kostade något.")
	v.Fill("Kostnad, rad 2", "6 000")
	v.ChooseIn("Nådde ni mål 1?", "Helt")
	v.ChooseIn("Nådde ni mål 2?", "Delvis")
	v.Fill("Resultat för mål 2", "Dagen är inte bestämd.")
	v.Fill("Hur nämndes fonden?", "I programmet.")
	v.ChooseIn("Får vi visa sammanfattningen på webben?", "Ja")
	v.press("Skicka in rapporten")
	v.See("skiljer sig mer än 20 procent från budgeten: Tåg, Museum", "Ni betalar tillbaka 7 500 kr")
	v.Fill("Varför blev kostnader högre eller lägre?", "Tåget hade ett gruppris.")
	v.press("Skicka in rapporten")
	v.See("Rektor eller skolans ekonom behöver godkänna pengarna i rapporten.")
}

// approveMoney: the principal, or the economist, who is led there from what waits.
func (x *followed) approveMoney(who string) {
	v := x.who(who)
	if v.open("/tasks"); who == "economist" {
		v.open(x.path("reports/%s"))
		v.See("Tåget hade ett gruppris.")
		v.NotSee("Vi sjöng i tre kyrkor.") // the money alone
	}
	v.open(x.path("approve/%s"))
	v.See("Tåg", "Museum")
	v.Fill("Ditt ställningstagande", "Stämmer med bokföringen.")
	v.press("Godkänn")
}

func (x *followed) sendBack() {
	v := x.who("officer")
	v.open(x.path("cases/%s"))
	v.See("Läs rapporten och ta ställning till den.")
	v.open(x.path("reports/%s"))
	v.See(names["economist"], "skolans ekonom, godkände pengarna", "− 40 %", "− 25 %", "Tåget hade ett gruppris.", "Delvis", "Dagen är inte bestämd.", "Stickprov: ", "en kostnad skiljer sig mer än 20 procent från budgeten.") // one report of ten is drawn besides
	v.press("Skicka tillbaka rapporten")
	v.Select("Fält, rad 1", "Verkliga kostnader")
	v.Fill("Fråga, rad 1", "Ladda upp kvittot för tåget.")
	v.press("Skicka tillbaka rapporten")
	v.See("Sökanden rättar rapporten, senast måndag 8 mars 2027.")
}

func (x *followed) answer() {
	v := x.who("teacher")
	v.open(x.path("applications/%s"))
	v.See("Ändra i rapporten senast måndag 8 mars 2027.")
	v.press("Skriv slutrapporten")
	v.See("Verkliga kostnader: Ladda upp kvittot för tåget.", "Ni betalar tillbaka 7 500 kr")
	if got := v.Value("Verifikat, rad 1"); got != "V 12" {
		x.t.Errorf("the returned report has lost its voucher: %q", got)
	}
	v.Fill("Kostnad, rad 1", "26 000")
	v.Upload("Fil", paper(x.t, "kvitto"))
	v.press("Skicka in rapporten")
	v.See("Rektor eller skolans ekonom behöver godkänna pengarna i rapporten.")
}

// settle: every step of the arithmetic is in words before it is pressed.
func (x *followed) settle() {
	v := x.who("officer")
	v.open(x.path("reports/%s"))
	v.See("kvitto.pdf", "Johan Sehlstedt, rektor, godkände pengarna")
	v.press("Godkänn rapporten")
	v.press("Godkänn rapporten")
	v.open(x.path("do/%s/settle"))
	v.See("24 elever × 3 000 kr + 3 vuxna × 3 000 kr", "75 procent av 32 000 kr", "32 000 kr minus 0 kr", "24 000 kr", "30 000 kr minus 24 000 kr", "6 000 kr")
	v.press("Slutavräkna")
	v.See("föreslår att 6 000 kr betalas tillbaka.")
	v.open(x.path("do/%s/ask_statement"))
	v.Fill("Vad ni vill att sökanden svarar på (frivilligt)", "Stämmer kostnaden för tåget?")
	v.press("Be sökanden yttra sig")
}

// state: nothing is called a debt before somebody has decided; the school says what it thinks.
func (x *followed) state() {
	v := x.who("teacher")
	v.open(x.path("applications/%s/settlement"))
	v.See("Ni kan få betala tillbaka 6 000 kr", "75 procent av 32 000 kr")
	v.open(x.path("applications/%s"))
	v.press("Yttra er")
	v.See("Stämmer kostnaden för tåget?")
	v.Fill("Ert yttrande", "Ja, den stämmer.")
	v.press("Yttra er")
	v.See("Ni har yttrat er")
}

func (x *followed) claim() {
	v := x.who("head")
	v.open(x.path("do/%s/decide_recovery"))
	v.See("Ja, den stämmer.", "75 procent av 32 000 kr")
	v.NotSee("Avbetalning") // a unit of the municipality pays by a booking
	v.Fill("Skäl", "Resan kostade mindre.")
	v.press("Besluta om återkrav")
}

func (x *followed) payBack() {
	teacher, v := x.who("teacher"), x.who("finance1")
	teacher.open(x.path("applications/%s/settlement"))
	teacher.See("Ni betalar tillbaka 6 000 kr", "Beslut om återkrav (PDF)", "Resan kostade mindre.")
	v.open(x.path("do/%s/record_repayment"))
	v.Fill("Referens", "IF 4188")
	v.press("Anteckna återbetalning")
	teacher.open(x.path("applications/%s/settlement"))
	teacher.See("6 000 kr är återbokat från skolan", "IF 4188")
	officer := x.who("officer")
	officer.open(x.path("cases/%s"))
	officer.See("Allt är reglerat.")
	officer.open(x.path("do/%s/close"))
	officer.press("Avsluta ärendet")
}
