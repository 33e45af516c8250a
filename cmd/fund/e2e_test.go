package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fund/handlers/webtest"
	"fund/workflow/lang"
)

// program is the built program, running as `up` on an installation of its own.
type program struct {
	t    *testing.T
	url  string
	data string
	bin  string
	env  []string
	cmd  *exec.Cmd
	log  bytes.Buffer

	tokens map[string]string // that have been asked for
}

var built struct {
	once sync.Once
	path string
	err  string
}

// binary builds the program once for all tests of this package.
func binary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		dir, err := os.MkdirTemp("", "fund-e2e-")
		if err != nil {
			built.err = err.Error()
			return
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			built.err = err.Error()
			return
		}
		built.path = filepath.Join(dir, "fund")
		if out, err := exec.Command("go", "build", "-trimpath", "-o", built.path, ".").CombinedOutput(); err != nil {
			built.err = string(out)
		}
	})
	if built.err != "" {
		t.Fatal(built.err)
	}
	return built.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.path != "" {
		os.RemoveAll(filepath.Dir(built.path))
	}
	os.Exit(code)
}

// start runs `up` with the given settings and waits for the ready line.
func start(t *testing.T, settings ...string) *program {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, data: filepath.Join(dir, "var"), bin: binary(t)}
	p.env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "FUND_") || strings.HasPrefix(v, "DATABASE_URL=") }),
		append([]string{"FUND_DATA=" + p.data, "FUND_ADDR=127.0.0.1:0"}, settings...)...)
	p.launch()
	t.Cleanup(func() {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("end: %v\n%s", err, tail(p.log.String()))
		}
	})
	return p
}

// launch runs the program until its ready line.
func (p *program) launch() {
	p.t.Helper()
	p.cmd = exec.Command(p.bin, "up")
	p.cmd.Env, p.cmd.SysProcAttr = p.env, &syscall.SysProcAttr{Setpgid: true}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				ready <- url
			}
		}
	}()
	select {
	case p.url = <-ready:
	case <-time.After(3 * time.Minute):
		p.t.Fatalf("not ready:\n%s", tail(p.log.String()))
	}
}

// kill ends the program as a power cut would: it can say goodbye to nobody.
func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err == nil {
		p.t.Fatal("the program was to be killed, and ended by itself")
	}
}

// again starts the killed program on the same data, at the same address.
func (p *program) again() {
	p.t.Helper()
	at := strings.TrimPrefix(p.url, "http://")
	p.env = append(slices.DeleteFunc(p.env, func(v string) bool { return strings.HasPrefix(v, "FUND_ADDR=") }), "FUND_ADDR="+at)
	p.launch()
}

func tail(s string) string { return s[max(0, len(s)-3000):] }

// api calls the API as somebody, with the version that an action needs (1).
func (p *program) api(who, method, path string, body any, version ...any) map[string]any {
	p.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequest(method, p.url+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token(who))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", fmt.Sprintf(`"%v"`, append(version, any(1))[0]))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode > 299 {
		p.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, text)
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		p.t.Fatal(err)
	}
	return doc
}

// token is somebody's bearer token.
func (p *program) token(who string) string {
	p.t.Helper()
	if p.tokens[who] == "" {
		cmd := exec.Command(p.bin, "token", "--email", who+"@example.org")
		cmd.Env = p.env
		out, err := cmd.Output()
		if err != nil {
			p.t.Fatalf("token: %v", err)
		}
		if p.tokens == nil {
			p.tokens = map[string]string{}
		}
		words := strings.Fields(string(out))
		p.tokens[who] = words[len(words)-1]
	}
	return p.tokens[who]
}

// clock moves the rehearsal clock and lets everything due happen.
func (p *program) clock(at string) {
	p.t.Helper()
	body := map[string]any{"frozen": true}
	if at != "" {
		body["now"] = at
	}
	if failed := p.api("admin", http.MethodPost, "/rehearsal/clock", body)["failed"].([]any); len(failed) > 0 {
		p.t.Fatalf("jobs failed: %v", failed)
	}
}

// as signs somebody in by the page's one click. Every page that is met must please axe.
func (p *program) as(b *webtest.Browser, who string, o webtest.Options) *visit {
	p.t.Helper()
	if o.Width == 0 {
		o.Width = 1280
	}
	tab := b.Tab(p.t, o)
	return p.in(lang.SV, tab, who, !o.WithoutJS)
}

// in signs somebody in who reads the language.
func (p *program) in(l lang.Lang, tab *webtest.Tab, who string, axe bool) *visit {
	p.t.Helper()
	v := &visit{Tab: tab, p: p, axe: axe, lang: l}
	v.open("/sign-in?lang=" + string(l) + "&q=" + who + "@")
	v.Click(names[who])
	v.check()
	return v
}

// names are those of the people that the tests act as.
var names = map[string]string{"teacher": "Elin Marklund", "principal": "Johan Sehlstedt", "officer": "Karin Holmlund", "reviewer1": "Maria Granström", "reviewer2": "Olof Burman", "reviewer3": "Sofia Renberg",
	"secretary": "Anders Bergdahl", "finance1": "Eva Stenlund", "finance2": "Mikael Hedlund", "head": "Lena Vikström", "teacher.baldergymnasiet": "Lärare, Baldergymnasiet", "economist": "Ulrika Norberg"}

// visit is somebody at the screen.
type visit struct {
	*webtest.Tab
	p    *program
	axe  bool
	lang lang.Lang

	narrow bool // a phone: no page may scroll sideways
}

var rowLabel = regexp.MustCompile(`^(.*), rad (\d+)$`)

// word gives Swedish words of the program in the visitor's language: of several
// translations the one that is on the page.
func (v *visit) word(text string) string {
	if v.lang == lang.SV {
		return text
	}
	row := ""
	if m := rowLabel.FindStringSubmatch(text); m != nil {
		row = lang.T(v.lang, "form.row", lang.Args{"N": m[2]})
		text, row = m[1], ", "+strings.ToLower(row[:1])+row[1:]
	}
	found, page := "", v.Eval("document.body.textContent") // hidden words too
	for _, key := range lang.Keys(lang.SV) {
		if lang.T(lang.SV, key) != text {
			continue
		}
		if found = lang.T(v.lang, key); strings.Contains(page, found+row) {
			return found + row
		}
	}
	if found == "" {
		return text // no words of the program: somebody's name
	}
	return found + row
}

func (v *visit) Fill(label, text string)     { v.Tab.Fill(v.word(label), text) }
func (v *visit) Choose(label string)         { v.Tab.Choose(v.word(label)) }
func (v *visit) Select(label, option string) { v.Tab.Select(v.word(label), v.word(option)) }

func (v *visit) open(path string) {
	v.p.t.Helper()
	v.Open(v.p.url + path)
	v.check()
}

// press clicks a button or link and looks at the page that comes.
func (v *visit) press(text string) {
	v.p.t.Helper()
	v.Click(v.word(text))
	v.check()
}

func (v *visit) check() {
	v.p.t.Helper()
	if strings.Contains(v.Text(), "⟦") {
		v.p.t.Errorf("%s: words are missing: %s", v.URL(), regexp.MustCompile(`⟦[^⟧]*⟧`).FindString(v.Text()))
	}
	if v.narrow {
		if px, culprit := v.SideScroll(); px > 0 {
			v.p.t.Errorf("%s scrolls %d px sideways: %s", v.URL(), px, culprit)
		}
	}
	if !v.axe {
		return
	}
	for _, fault := range v.Axe() {
		v.p.t.Errorf("%s: %s", v.URL(), fault)
	}
}

// round publishes a round like the autumn's, with the seeded rules.
func (p *program) round() {
	p.api("admin", http.MethodPost, "/rounds", map[string]any{"id": "HT26", "scheme": "skolutbyte", "name": "Höstens omgång 2026", "opens": "2026-08-15", "closes": "2026-09-30T23:59:59",
		"trip_start_from": "2026-12-01", "trip_start_to": "2027-05-31", "budget": 400000})
	p.api("admin", http.MethodPost, "/rounds/HT26/actions/publish", map[string]any{})
}

// paper makes a small real PDF to upload.
func paper(t *testing.T, name string) string {
	t.Helper()
	raw := "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	path := filepath.Join(t.TempDir(), name+".pdf")
	if err := os.WriteFile(path, []byte(raw), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// steps are the pages of the form with what the teacher writes on each.
func (v *visit) write(t *testing.T) (application string) {
	v.open("/apply")
	v.press("Börja en ansökan")
	application = regexp.MustCompile(`/applications/\d+`).FindString(v.URL())
	edit := application + "/edit/"
	v.open(edit + "school")
	for label, text := range map[string]string{"Projektets namn": "Energi och demokrati i två industristäder", "Din roll": "Lärare i samhällskunskap", "Telefon i tjänsten": "0910-73 00 00", "Rektor som ska godkänna": "Johan Sehlstedt", "Kostnadsställe (kommunal skola)": "6110"} {
		v.Fill(label, text)
	}
	v.press("Spara och fortsätt")
	for label, text := range map[string]string{"Partnerskolans namn": "Gymnázium Labská", "Ort": "Pardubice", "Land": "Tjeckien", "Kontakt på partnerskolan, i tjänsten": "Jana Nováková", "Avsiktsförklaringens datum": "2026-09-02"} {
		v.Fill(label, text)
	}
	v.Choose("Orten är en vänort till Skellefteå")
	v.press("Spara och fortsätt")
	v.Choose("Elevgrupp reser")
	for label, text := range map[string]string{"Första resdag": "2027-04-12", "Sista resdag": "2027-04-18", "Resdagar": "2", "Programdagar, utan resdagar": "5", "Andel gemensam tid": "80", "Boende": "Värdfamiljer", "Svarsbesök: hur blir utbytet ömsesidigt?": "De kommer hit i september."} {
		v.Fill(label, text)
	}
	v.press("Spara och fortsätt")
	for label, text := range map[string]string{"Antal elever": "24", "Årskurs och program": "Åk 2", "Medföljande personal": "3"} {
		v.Fill(label, text)
	}
	v.press("Spara och fortsätt")
	for label, text := range map[string]string{"Sammanfattning": "Eleverna arbetar en vecka med jämnåriga.", "Syfte": "Att jämföra två städer.", "Mål, rad 1": "Alla redovisar på engelska", "Så mäter vi, rad 1": "24 redovisningar", "Koppling till läroplan, ämnen och kurser": "Engelska 6"} {
		v.Fill(label, text)
	}
	v.Choose("Utbildning och kompetens")
	v.press("Spara och fortsätt")
	for label, text := range map[string]string{"Förberedelser": "Sex lektioner.", "Dag, rad 1": "12–18 april", "Vad ni gör, rad 1": "Lektioner och fältstudie.", "Efterarbete och utvärdering": "Utställning."} {
		v.Fill(label, text)
	}
	v.press("Spara och fortsätt")
	for label, text := range map[string]string{"Alla ska kunna följa med: hur?": "Öppet för alla i klassen, utan avgift.", "Risker och hur de hanteras": "Riskanalysen är bifogad.", "Färdsätt och klimat": "Tåg där det går.", "Spridning, och hur fonden nämns": "Utställning där fonden nämns."} {
		v.Fill(label, text)
	}
	v.press("Spara och fortsätt")
	v.Select("Kostnadsslag, rad 1", "Resor till och från")
	for label, text := range map[string]string{"Beskrivning, rad 1": "Resor", "Antal, rad 1": "27", "Pris, kr, rad 1": "6 090", "Källa, rad 1": "Skolans egen budget", "Kronor, rad 1": "83 430", "Hur mycket söker ni?": "81 000"} {
		v.Fill(label, text)
	}
	v.Select("Slag, rad 1", "Skolans egna pengar")
	v.Select("Läge, rad 1", "Beviljad")
	v.press("Spara och fortsätt")
	for _, kind := range []string{"Avsiktsförklaring", "Riskanalys"} {
		v.Select("Vad är det för fil?", kind)
		v.Upload(v.word("Fil"), paper(t, "papper"))
		v.press("Ladda upp filen")
	}
	v.press("Fortsätt")
	for _, label := range []string{"Ingen elev måste betala för att följa med", "Jag arbetar på skolan", "Ansökan innehåller inga uppgifter om enskilda elever", "Jag vet att ansökan blir en allmän handling"} {
		v.Choose(label)
	}
	v.Fill("Andra ansökningar till samma utbyte", "nej")
	v.press("Spara och gå till alla delar")
	return application
}

// TestE2EFromFirstClickToDecision walks an exchange from the teacher's first
// click to the decision, as the people concerned, in Swedish.
func TestE2EFromFirstClickToDecision(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")

	teacher := p.as(b, "teacher", webtest.Options{})
	application := teacher.write(t)
	id := strings.TrimPrefix(application, "/applications/")
	teacher.open(application + "/check")
	teacher.See("Energi och demokrati i två industristäder", "81\u00a0000\u00a0kr")
	teacher.press("Skicka till rektor")
	p.clock("2026-09-17T08:45:00+02:00")

	principal := p.as(b, "principal", webtest.Options{})
	principal.open("/tasks")
	principal.press("Godkänn: Energi och demokrati i två industristäder")
	principal.Fill("Ditt ställningstagande", "Jag har läst ansökan och står bakom den.")
	principal.press("Godkänn")

	p.clock("2026-09-18T14:12:05+02:00")
	teacher.open(application + "/check")
	teacher.press("Skicka in")
	teacher.See("Ansökan är inskickad", "IF 2026-0001", "14.12.05")
	p.clock("")

	p.clock("2026-10-02T10:00:00+02:00")
	officer := p.as(b, "officer", webtest.Options{})
	officer.open("/cases/" + id)
	officer.See("Gymnázium Labská")
	officer.open("/do/" + id + "/rule_eligibility")
	officer.ChooseIn("Är ansökan behörig att bedömas?", "Ja")
	officer.press("Ta ställning till reglerna")
	officer.open("/do/" + id + "/assign_reviewers")
	officer.Choose("Maria Granström")
	officer.Choose("Olof Burman")
	officer.press("Utse bedömare")
	p.clock("")

	comment := "Bedömningen följer vägledningens beskrivning av nivån och det som ansökan visar."
	for _, who := range []string{"reviewer1", "reviewer2"} {
		reviewer := p.as(b, who, webtest.Options{})
		reviewer.open("/reviews/" + id)
		reviewer.ChooseIn("Har du jäv i ärendet?", "Nej")
		reviewer.press("Svara om jäv")
		reviewer.open("/do/" + id + "/submit_review")
		for i, rating := range []string{"5", "4", "5", "4", "4"} {
			k := fmt.Sprintf("K%d", i+1)
			reviewer.Eval(fmt.Sprintf(`document.querySelector('input[name="ratings.%s"][value="%s"]').click(), ""`, k, rating))
			reviewer.Fill("Motivering till "+k, comment)
		}
		reviewer.press("Lämna bedömningen")
		p.clock("")
	}

	p.clock("2026-10-14T13:00:00+02:00")
	officer.open("/do/" + id + "/set_consensus")
	for i, rating := range []string{"5", "4", "5", "4", "4"} {
		officer.Select(fmt.Sprintf("Samlat betyg för K%d", i+1), rating)
	}
	officer.Fill("Det ni är överens om", "Bedömarna är överens om alla kriterier.")
	officer.press("Skriv samlad bedömning")
	officer.open("/do/" + id + "/rank")
	officer.press("Lägg i rangordningen")
	officer.open("/rounds/HT26/ranking")
	officer.press("Räkna och spara")
	officer.See("Efter rangordning", "319\u00a0000\u00a0kr kvar")
	officer.open("/do/" + id + "/propose")
	officer.See("81\u00a0000\u00a0kr")
	officer.Fill("Motivering", "Ansökan bifalls med 81 000 kr. Utbytet är väl förberett.")
	officer.press("Lägg förslag till beslut")
	p.clock("2026-11-10T10:00:00+01:00")

	secretary := p.as(b, "secretary", webtest.Options{})
	secretary.open("/decisions")
	secretary.press("Fatta beslut")
	secretary.Fill("Paragraf", "§ 84")
	secretary.Fill("Närvarande, en per rad", "Anna Lindgren\nBo Sandberg")
	secretary.press("Förhandsgranska brevet")
	secretary.See("§ 84")
	secretary.press("Fatta beslut")
	p.clock("")

	teacher.open(application)
	teacher.See("Beviljat", "81\u00a0000\u00a0kr")
	teacher.open(application + "/decision")
	teacher.See("81\u00a0000")
	teacher.open("/cases/" + id + "/mails")
	events := p.api("officer", http.MethodGet, "/applications/"+id, nil)
	if events["state"] != "decided" {
		t.Errorf("state %v, want decided", events["state"])
	}
	p.toTheEnd(b, id, officer, teacher, principal)
}
