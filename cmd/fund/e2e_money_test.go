package main

import (
	"net/http"
	"strings"
	"testing"

	"fund/handlers/webtest"
	"fund/workflow/lang"
)

// toTheEnd walks the decided case on to the closed one: conditions, account,
// two payments with two attests each, report, settlement.
func (p *program) toTheEnd(b *webtest.Browser, id string, officer, teacher, principal *visit) {
	t := p.t
	secretary := p.as(b, "secretary", webtest.Options{})
	p.clock("2026-11-17T08:00:00+01:00")
	secretary.open("/do/" + id + "/record_notice")
	secretary.press("Anteckna anslag")
	p.clock("2026-11-19T09:00:00+01:00")
	teacher.open("/do/" + id + "/accept_conditions")
	teacher.press("Godkänn villkoren")
	for _, who := range []string{"finance1", "finance2"} {
		f := p.as(b, who, webtest.Options{})
		f.open("/payouts")
		f.press("Intyga kontot")
		f.ChooseIn("Har du ringt upp ett känt nummer?", "Ja")
		f.Fill("Anteckning", "Jämfört med motringning till känt nummer.")
		f.press("Intyga kontot")
		p.clock("")
	}
	p.clock("2027-02-08T10:00:00+01:00")
	officer.open("/do/" + id + "/check_advisory")
	officer.Choose("Ingen avrådan")
	officer.Fill("Källa", "UD:s reseinformation")
	officer.press("Kontrollera reseavrådan")
	p.clock("2027-02-11T09:00:00+01:00")
	p.pay(b, "IF 4101")

	p.clock("2027-04-19T06:00:00+02:00")
	p.clock("2027-06-10T15:00:00+02:00")
	teacher.open("/reports/" + id)
	teacher.Fill("Kostnad, rad 1", "164 430")
	teacher.Fill("Andra bidrag ni fick", "0")
	teacher.Fill("Hur gick det?", "Resan genomfördes enligt planen.")
	teacher.Fill("Hur nämndes fonden?", "I utställningen.")
	teacher.ChooseIn("Får vi visa sammanfattningen på webben?", "Ja")
	teacher.press("Skicka in rapporten")
	p.clock("2027-06-11T13:00:00+02:00")
	principal.open("/approve/" + id)
	principal.Fill("Ditt ställningstagande", "Stämmer med bokföringen.")
	principal.press("Godkänn")
	p.clock("2027-06-16T10:00:00+02:00")
	officer.open("/reports/" + id)
	officer.press("Godkänn rapporten")
	officer.press("Godkänn rapporten")
	officer.open("/do/" + id + "/settle")
	officer.See("81\u00a0000\u00a0kr", "16\u00a0200\u00a0kr")
	officer.press("Slutavräkna")
	p.clock("2027-06-21T09:00:00+02:00")
	p.pay(b, "IF 4162")
	officer.open("/do/" + id + "/close")
	officer.press("Avsluta ärendet")
	p.clock("")
	if got := p.api("officer", http.MethodGet, "/applications/"+id, nil)["state"]; got != "closed" {
		t.Errorf("state %v, want closed", got)
	}
}

// pay takes what is payable through a batch on the pages of finance.
func (p *program) pay(b *webtest.Browser, voucher string) {
	one, two := p.as(b, "finance1", webtest.Options{}), p.as(b, "finance2", webtest.Options{})
	one.open("/payouts")
	one.Choose("Ta med Energi och demokrati i två industristäder")
	one.press("Skapa underlag")
	batch := one.URL()[len(p.url):]
	for _, box := range []string{"Rätt mottagare och konto", "Beloppet är beslutet minus det som betalats", "Villkoren är uppfyllda", "Ingen spärr", "Rätt kontering"} {
		one.Choose(box)
	}
	one.press("Attest 1, granskning")
	one.See("Du kan inte göra attest 2.")
	two.open(batch)
	two.press("Attest 2, beslut")
	two.press("Skapa betalningsfiler")
	two.See("sie.si", "bokforingsorder.csv", "manifest.json")
	two.press("Anteckna lämnad till ekonomisystemet")
	two.Fill("Verifikationsnummer", voucher)
	two.press("Anteckna betald")
	two.See("Betald")
	p.clock("")
}

// TestE2EWithoutScripts lets a teacher fill in and check a draft without JavaScript, on a phone.
func TestE2EWithoutScripts(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	teacher := p.as(b, "teacher", webtest.Options{Width: 360, WithoutJS: true})
	application := teacher.write(t)
	teacher.open(application + "/check")
	teacher.press("Skicka in")
	teacher.See("Ansökan är inskickad")
}

// TestE2EInEnglish lets a teacher who reads English apply on a phone, from the first page to the receipt.
func TestE2EInEnglish(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	teacher := p.in(lang.EN, b.Tab(t, webtest.Options{Width: 360}), "teacher", true)
	application := teacher.write(t)
	teacher.open(application + "/check")
	teacher.See("Gymnázium Labská", "SEK\u00a081\u00a0000")
	teacher.press("Skicka in")
	teacher.See("IF 2026-0001", "10 September 2026")
	for _, word := range []string{"Skicka", "Ansökan", "inskickad"} {
		if strings.Contains(teacher.Text(), word) {
			t.Errorf("the English receipt says %q: %s", word, teacher.Text())
		}
	}
}
