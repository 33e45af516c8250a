package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
	"fund/workflow/lang"
)

// school is a stage with pages, where a case can be walked on without jobs.
type school struct {
	*stage
	site    *Server
	pages   http.Handler
	cookies map[string]string
	id      int64
	path    string // of the case, in the API and on the pages
}

func newSchool(t *testing.T) *school { t.Helper(); return newSchoolWith(t, "{}") }

// newSchoolWith has a round with numbers of its own.
func newSchoolWith(t *testing.T, parameters string) *school {
	t.Helper()
	st := newStage(t)
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	s := New(Deps{Store: st.store, Render: testRenderer(t), Static: static, Rehearsal: true, BaseURL: "http://fund.test", Wall: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	st.roundWith("VT26", parameters)
	v := &school{stage: st, site: s, pages: s.Handler(), cookies: map[string]string{}, path: st.filed()}
	if _, err := fmt.Sscanf(v.path, "/applications/%d", &v.id); err != nil {
		t.Fatal(err)
	}
	return v
}

// ranked walks the case into the round's order.
func (v *school) ranked() *school {
	v.t.Helper()
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	words := strings.Repeat("Väl motiverat. ", 10)
	review := `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"` + words + `","K2":"` + words + `","K3":"` + words + `","K4":"` + words + `","K5":"` + words + `"}}`
	for _, who := range []string{"reviewer1", "reviewer2"} {
		v.act(who, v.path, "declare_interest", `{"conflict":false}`)
		v.act(who, v.path, "submit_review", review)
	}
	v.act("officer", v.path, "set_consensus", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comment":"Enigt."}`)
	v.act("officer", v.path, "rank", `{}`)
	return v
}

// decided walks the case to the head's decision.
func (v *school) decided() *school {
	v.t.Helper()
	v.ranked()
	proposal := `"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[{"text":"Visa en ny budget.","due_on":"2026-06-30"}]`
	v.act("officer", v.path, "propose", "{"+proposal+"}")
	v.act("head", v.path, "decide", "{"+proposal+`,"delegation_item":"3.1"}`)
	return v
}

// at moves the clock.
func (v *school) at(instant string) *school {
	v.t.Helper()
	to, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		v.t.Fatal(err)
	}
	sqltest.Freeze(v.t, v.url, to)
	return v
}

// machine takes a step of the program, which no job takes here.
func (v *school) machine(cmd workflow.Command) {
	v.t.Helper()
	if _, err := v.store.Apply(v.t.Context(), sql.Ref{ID: v.id}, workflow.Machine(), cmd); err != nil {
		v.t.Fatal(err)
	}
}

// reported is the case when the group is home and a report can be filed.
func (v *school) reported() *school {
	v.t.Helper()
	v.decided().act("teacher", v.path, "accept_conditions", "{}")
	v.at("2026-09-07T06:00:00+02:00").machine(workflow.StartTravel{})
	v.at("2026-09-13T06:00:00+02:00").machine(workflow.EndTravel{})
	return v
}

// get opens a page and holds it against what every page must be.
func (v *school) get(who, path string, want int) string {
	v.t.Helper()
	return v.send(who, httptest.NewRequest(http.MethodGet, path, nil), want)
}

// post sends a form with the version that the page of the path was drawn with.
func (v *school) post(who, path string, want int, pairs ...string) string {
	v.t.Helper()
	return v.send(who, v.formOf(who, path, pairs...), want)
}

// formOf makes the POST of a form.
func (v *school) formOf(who, path string, pairs ...string) *http.Request {
	v.t.Helper()
	form := url.Values{"version": {fmt.Sprint(v.call(who, http.MethodGet, v.path, "").want(200).body["version"])}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

func (v *school) send(who string, req *http.Request, want int) string {
	v.t.Helper()
	return pageText(v.t, v.markup(who, req, want))
}

// markup is send with the HTML itself.
func (v *school) markup(who string, req *http.Request, want int) string {
	v.t.Helper()
	if v.cookies[who] == "" {
		p, err := v.store.PersonByEmail(v.t.Context(), who+"@example.org")
		if err != nil {
			v.t.Fatal(err)
		}
		if v.cookies[who], err = v.store.NewSession(v.t.Context(), p.ID); err != nil {
			v.t.Fatal(err)
		}
	}
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	body := w.Body.String()
	if w.Code != want {
		v.t.Fatalf("%s %s as %s: got %d, want %d: %s", req.Method, req.URL, who, w.Code, want, pageText(v.t, body))
	}
	if strings.Contains(body, "</html>") {
		checkHTML(v.t, body)
	}
	return body
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

func pageText(t testing.TB, html string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(doc.Find("main").Text(), "\u00a0", " ")), " ")
}

// says looks for what stands on the page. White space doesn't count: between two
// elements a template has some or none, and the reader sees no difference.
func (v *school) says(text string, wants ...string) {
	v.t.Helper()
	for _, want := range wants {
		if !strings.Contains(unspaced(text), unspaced(want)) {
			v.t.Errorf("the page does not say %q: %s", want, text)
		}
	}
}

// state is the case's state as the officer reads it.
func (v *school) state() any {
	v.t.Helper()
	return v.call("officer", http.MethodGet, v.path, "").want(200).body["state"]
}

func TestFiledCaseSaysWhatComesAndToWhom(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	page := v.get("teacher", v.path, 200)
	v.says(page, "Vi kontrollerar", "Ni söker 30 000 kr.", "Du skickade in ansökan.", "En handläggare kontrollerar ansökan senast", "Ta tillbaka ansökan")
	v.says(v.get("principal", v.path, 200), "skickade in ansökan.", "Du godkände.")
	v.get("officer", v.path, 303) // the office has a page of its own
	v.get("teacher2", v.path, 404)
	v.says(v.get("teacher", v.path+"?lang=en&show=mine", 200), "You need not do anything now.", "What you did 2")
}

func TestDecisionIsReadThenAccepted(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.says(v.get("principal", v.path, 200), "Beviljad", "Ni får 30 000 kr.", "Godkänn villkoren senast", "Sökanden har inte godkänt villkoren än.", "Villkor 1, senast 30 juni 2026", "Två personer behöver intyga kontot.")
	v.says(v.get("teacher", v.path+"/decision", 200), "30 000 kr", "Visa en ny budget.", "Godkänn villkoren", "Tacka nej till bidraget")
	v.get("teacher", "/do/"+fmt.Sprint(v.id)+"/accept_conditions", 200)
	v.post("principal", v.path+"/accept", 303)
	if got := v.state(); got != "conditions_accepted" {
		t.Errorf("state %v", got)
	}
	v.post("teacher", v.path+"/accept", 409) // the second click
	v.says(v.get("teacher", v.path+"/decision", 200), "Villkoren godkändes")
	v.get("teacher", v.path+"/decline", 409)
}

func TestDeclineAsksOnceMore(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.says(v.get("teacher", v.path+"/decline", 200), "Ni tackar nej till 30 000 kr.")
	if got := v.state(); got != "decided" {
		t.Errorf("reading the question led to %v", got)
	}
	v.post("teacher", v.path+"/decline", 303, "reason", "Resan blev för dyr.")
	v.says(v.get("teacher", v.path, 200), "Bidraget har förfallit", "Du tackade nej till bidraget.")
}

func TestAnotherWayToBePaidShowsItsOwnFields(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	page := v.path + "/account"
	v.says(v.get("teacher", page, 200), "Kostnadsställe", "Bokas till ansvar 4711", "0 av 2")
	if strings.Contains(v.get("teacher", page, 200), "Plusgiro") {
		t.Error("a municipal school is offered a way through the bank")
	}
	v.get("principal", page, 403)
	v.says(v.post("teacher", page, 422, "payment.method", "bankgiro", "drawn", "bankgiro", "payment.bankgiro", "991-2346"), "En kommunal skola får pengarna genom intern kontering")
	if err := sqltest.Exec(v.url, "UPDATE schools SET operator = 'fristående' WHERE name = 'Baldergymnasiet'"); err != nil {
		t.Fatal(err)
	}
	v.says(v.get("teacher", page, 200), "Plusgiro", "Bankkonto")
	v.says(v.post("teacher", page, 200, "payment.method", "bankgiro", "drawn", "internal", "payment.cost_centre", "4711"), "Bankgiro", "Kontohavare")
	v.says(v.post("teacher", page, 422, "payment.method", "bankgiro", "drawn", "bankgiro", "payment.bankgiro", "123-4567"), "kontrollsiffran")
	v.says(v.post("teacher", page, 422, "payment.method", "bankgiro", "drawn", "bankgiro"), "Kontot är inte helt ifyllt.")
	v.says(v.post("teacher", page, 422, "payment.method", "internal", "drawn", "internal", "payment.cost_centre", "4712"), "Intern kontering går bara till kommunala skolor")
	v.post("teacher", page, 303, "payment.method", "bankgiro", "drawn", "bankgiro", "payment.bankgiro", "991-2346")
	v.says(v.get("teacher", v.path, 200), "Bankgiro … 2346", "Du bytte konto.")
}

// The same account given again is no change: nobody has to check it anew, and the history says so.
func TestTheSameAccountAgainChangesNothing(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("finance1", v.path, "verify_account", `{"called_back":true,"note":"Ringt."}`)
	page := v.path + "/account"
	if got := v.raw("teacher", "GET", fmt.Sprintf("/do/%d/change_account", v.id), ""); got.Code != 303 || got.Header().Get("Location") != page {
		t.Errorf("/do leads to %d %q", got.Code, got.Header().Get("Location"))
	}
	v.post("teacher", page, 303, "payment.method", "internal", "drawn", "internal", "payment.cost_centre", " 4711 ")
	v.says(v.get("teacher", page, 200), "1 av 2")
	v.says(v.get("finance2", fmt.Sprintf("/do/%d/verify_account", v.id), 200), "KontoIntern kontering 4711", "Intygat av", "Ringt.") // what is compared, and what the first one did
	v.act("teacher", v.path, "change_account", `{"payment":{"method":"internal","cost_centre":"4711","bankgiro":"1"}}`)
	v.says(v.get("teacher", page, 200), "1 av 2")
	v.says(v.get("teacher", v.path, 200), "Du lämnade samma konto en gång till.")
	v.act("teacher", v.path, "change_account", `{"payment":{"method":"internal","cost_centre":"4712"}}`)
	v.says(v.get("teacher", page, 200), "0 av 2")
	v.says(v.get("finance2", fmt.Sprintf("/do/%d/verify_account", v.id), 200), "KontoIntern kontering 4712", "Kontot i ansökanIntern kontering 4711")
}

// TestWhoChecksAnAccountHasItsProof: the paper that says whose it is stands beside it.
func TestWhoChecksAnAccountHasItsProof(t *testing.T) {
	t.Parallel()
	app := workflow.Application{ID: 7, Attachments: []workflow.Attachment{{ID: 1, Kind: "programme", Name: "Program.pdf"}, {ID: 2, Kind: "payee_proof", Name: "Intyg.pdf"}}}
	var links []Link
	for _, f := range (&Server{}).accountFacts(nil, lang.SV, workflow.Case{App: app}) {
		links = append(links, f.Links...)
	}
	if want := []Link{{Text: "Intyg.pdf", Href: "/applications/7/attachments/2"}}; !reflect.DeepEqual(links, want) {
		t.Errorf("%v, want %v", links, want)
	}
}

func TestChangeShowsBeforeAndNowAndWhoDecides(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}")
	page := v.path + "/change"
	if html := v.raw("teacher", "GET", v.path, "").Body.String(); !strings.Contains(html, `href="#happens"`) || !strings.Contains(html, `id="happens"`) {
		t.Error("on a phone nothing leads to what to do if something happens")
	}
	v.says(v.get("teacher", page, 200), "Vad ska ändras?", "Flytta resan")
	for _, kind := range workflow.ChangeTypes {
		v.says(v.get("teacher", page+"?type="+kind, 200), "Skicka begäran", lang.T(lang.SV, "grant.change.kind."+kind))
	}
	dates := []string{"type", "dates", "proposed.activity.start", "2026-09-14", "proposed.activity.end", "19/9 2026"}
	v.says(v.post("teacher", page, 200, append(dates, "do", "look")...), "måndag 7 september 2026måndag 14 september 2026", "Handläggaren", "En liten ändring", "Svar senast", "7 dagar", "Dagarna ryms i omgången.")
	v.says(v.post("teacher", page+"/live", 200, "type", "dates", "proposed.activity.start", "2026-11-16", "proposed.activity.end", "2026-11-21"), "Chefen för Internationella enheten", "70 dagar")
	v.says(v.post("teacher", page, 422, append(dates, "cause", "outside")...), "Varför behöver ni ändra?")
	v.says(v.post("teacher", page, 422, "type", "dates", "proposed.activity.start", "2026-09-07", "proposed.activity.end", "2026-09-12", "cause", "own", "reason", "x"), "Ändra minst en uppgift.")
	v.says(v.post("teacher", page, 422, "type", "dates", "proposed.activity.start", "2026-09-07", "proposed.activity.end", "2026-09-12"), "Rätta 3 fel", "Ändra minst en uppgift.", "Vems är orsaken?", "Varför behöver ni ändra?")
	v.says(v.post("teacher", page, 200, "type", "budget", "line.1", "40 000", "do", "look"), "40 000 kr")
	v.post("teacher", page, 303, append(dates, "cause", "outside", "reason", "Partnerskolans prov.")...)
	v.says(v.get("teacher", v.path, 200), "Ändring begärd", "Väntar på svar. Beslutas av: Handläggaren. Svar senast", "måndag 7 september 2026 → måndag 14 september 2026", "Du begärde en ändring.", "Ni får svar på er begäran om ändring senast")
	v.says(v.get("officer", v.office(), 200), "Väntar på svar. Beslutas av: Handläggaren.", "→ måndag 14 september 2026", "Partnerskolans prov.")
	v.get("teacher", page, 409) // one at a time
	do := fmt.Sprintf("/do/%d/decide_change", v.id)
	v.says(v.get("officer", do, 200), "Det här ändras", "måndag 7 september 2026måndag 14 september 2026", "Något utanför skolans kontroll", "Partnerskolans prov.", "Sista dag för slutrapport")
	v.says(v.get("officer", do, 200), "Svar senast")
	v.says(v.get("officer", v.office(), 200), "Sökanden väntar på svar om en ändring.")
	v.says(v.post("officer", do, 422), "Det här ändras", "Partnerskolans prov.")
	v.post("officer", do, 303, "outcome", "approved", "reason", "Det ryms.")
	v.says(v.get("teacher", v.path, 200), "Godkänd", "måndag 7 september 2026 → måndag 14 september 2026", "Svar: Det ryms.")
	v.says(v.get("officer", v.office(), 200), "Partnerskolans prov.", "Svar: Det ryms.")
	// The reminders of the days before are still armed, and do nothing when their time comes: nobody reads of them.
	if got := strings.Count(v.raw("teacher", "GET", v.path, "").Body.String(), "Vi påminner om slutrapporten"); got != 2 {
		t.Errorf("the report's reminder stands %d times among what is to come, want 2", got)
	}
}

func TestChangeThatCannotBeSaysSoAtOnce(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}")
	v.says(v.post("teacher", v.path+"/change", 200, "type", "dates", "proposed.activity.start", "2026-09-14", "proposed.activity.end", "2026-09-12", "do", "look"),
		"Det går inte än", "Sista dagen kan inte komma före den första.")
}

func TestCancelledTripShowsWhatStays(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}")
	page := v.path + "/cancel"
	v.says(v.get("teacher", page, 200), "Varför blev resan inte av?", "Välj orsak")
	v.says(v.post("teacher", page+"/live", 200, "cause", "outside", "unavoidable_cost", "20 000", "refunds", "4 000"), "Ni behåller 12 000 kr", "75 procent av 16 000 kr")
	v.says(v.post("teacher", page, 200, "cause", "own", "unavoidable_cost", "20 000", "do", "count"), "Ni behåller 0 kr")
	v.says(v.post("teacher", page, 422, "cause", "outside", "unavoidable_cost", "många"), "många", "hela kronor")
	v.says(v.post("teacher", page, 422, "unavoidable_cost", "20 000"), "Vad hände?")
	v.get("teacher", v.path+"/settlement", 404) // nothing to reckon yet
	v.post("teacher", page, 303, "cause", "outside", "unavoidable_cost", "20 000", "refunds", "4 000", "reason", "Strejk.")
	v.says(v.get("teacher", v.path, 200), "Inställd", "Handläggaren räknar vad ni får behålla.")
	v.says(v.get("officer", v.office(), 200), "Resan blev inte av. Räkna av vad som får behållas.")
	v.says(v.get("head", v.office(), 200), "Resan blev inte av. Handläggaren räknar av vad som får behållas.")
	v.says(v.get("principal", v.path+"/settlement", 200), "Ni får 12 000 kr till", "Kvar som kostnad16 000 kr", "Det här är en uträkning")
	v.says(v.get("officer", fmt.Sprintf("/do/%d/settle", v.id), 200), "Så är det räknat", "75 procent av 16 000 kr", "Kvar som kostnad16 000 kr", "12 000 kr")
	v.says(v.get("teacher", page, 200), "Strejk.") // it can be told again when the papers have come
}

func TestReportCountsAsItIsTypedAndKeepsIt(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	page := fmt.Sprintf("/reports/%d", v.id)
	v.says(v.get("teacher", v.path, 200), "Lämna slutrapporten senast", "Skriv slutrapporten")
	v.says(v.get("teacher", page, 200), "Vad kostade utbytet?", "44 000", "Fyll i kostnaderna")
	v.get("principal", page, 303)
	typed := []string{"start", "2026-09-07", "end", "2026-09-12", "pupils", "20", "staff", "2", "actual.1.amount", "36 000", "actual.1.voucher", "V 12", "external_grants_received", "0",
		"texts.summary", "Det gick bra."}
	v.says(v.post("teacher", page+"/live", 200, typed...), "Ni får 27 000 kr till", "Det ni betalade minus andra bidrag36 000 kr")
	v.says(v.post("teacher", page, 200, "actual.1.amount", "40000", "do", "count"), "Ni har rätt till")
	v.says(v.post("teacher", page, 422, append(typed, "actual.1.amount", "")...), "Skriv 0 om det inte kostade något.", "Det gick bra.")
	v.says(v.post("teacher", page, 422, append(typed, "actual.1.amount", "-5", "publish", "yes")...), "Det gick bra.")
	v.says(v.post("teacher", page, 422, append(typed, "end", "2026-09-30", "publish", "yes")...), "Det gick bra.")
	v.post("teacher", page, 303, append(typed, "publish", "yes")...)

	v.says(v.get("teacher", v.path, 200), "Rapporten är inskickad", "Rektor eller skolans ekonom behöver godkänna pengarna i rapporten.")
	v.says(v.get("principal", v.path, 200), "Det här väntar på ditt godkännande som rektor.", "Läs och godkänn")
	v.says(v.get("officer", page, 200), "Varken rektor eller skolans ekonom har godkänt pengarna", "− 18 %", "V 12", "Det gick bra.", "Skicka tillbaka rapporten")
	v.act("principal", v.path, "approve", `{"statement":"Stämmer."}`)
	v.says(v.get("officer", page, 200), "godkände pengarna", "Godkänn rapporten")
	v.act("officer", v.path, "return_report", `{"points":[{"field":"text","text":"Skriv mer om målen."}]}`)
	v.says(v.get("teacher", page, 200), "Skriv mer om målen.", "Ändra det här och skicka in igen", "36 000")
	v.post("teacher", page, 303, append(typed, "publish", "no")...)
	v.act("principal", v.path, "approve", `{}`)
	v.act("officer", v.path, "accept_report", `{"disallowed":[{"line":1,"amount":1000,"reason":"Privat middag."}]}`)
	v.says(v.get("officer", page, 200), "1 000 kr godtas inte: Privat middag.", "Slutavräkna")
	v.act("officer", v.path, "settle", `{}`)
	v.says(v.get("teacher", v.path+"/settlement", 200), "Ni får 26 250 kr till", "75 procent av 35 000 kr", "20 elever × ")
	v.says(v.get("teacher", v.path, 200), "Ni har rätt till 26 250 kr av beviljade 30 000 kr.")
}

func TestDifferenceIsRoundedPercent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		plan, actual int64
		known        bool
		want         string
	}{
		{1000, 1000, true, "0\u00a0%"}, {1000, 994, true, "−\u00a01\u00a0%"}, {1000, 1006, true, "+\u00a01\u00a0%"}, {1000, 1004, true, "0\u00a0%"}, {3000, 2000, true, "−\u00a033\u00a0%"},
		{0, 500, true, "–"}, {1000, 0, false, "–"},
	} {
		if got := difference(tt.plan, tt.actual, tt.known); got != tt.want {
			t.Errorf("difference(%d, %d) = %q, want %q", tt.plan, tt.actual, got, tt.want)
		}
	}
}
