package handlers

import (
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// galleryPage shows every partial with sample data.
type galleryPage struct {
	Page
	Form          *Form
	Actions       []Button
	Countries     []Option
	Levels        []Option
	Files         []StoredFile
	Budget, Goals RowSet
	Notes         []Note
	Empty         Empty
	Next          Note
	Tags2         []Tag
	Tasks         []Task
	Answers       []Answer
	Facts, Sums   []Fact
	Todos         []Todo
	Steps         []Step
	Views         []View
	Table         Table
	Pager         Pager
	Path2         []PathStep
	Findings      []FindingView
	Agrees        []FindingView
	Log           Log
	Reckoning     Reckoning
	Quote         Quote
	Pot           Pot
	Signs         []Sign
	Tally         Tally
	History       []HistoryItem
	Criterion     Criterion
	Words         []string
}

type letterPage struct {
	Page
	Letter Letter
}

type receiptPage struct {
	Page
	Panel Panel
	Steps []PathStep
}

// galleryRenderer is the product's templates and those of testdata/gallery.
func galleryRenderer(t *testing.T) (*Renderer, *Static) {
	t.Helper()
	static, err := NewStatic()
	if err != nil {
		t.Fatalf("static: %v", err)
	}
	files := fstest.MapFS{}
	root, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		t.Fatalf("templates: %v", err)
	}
	for from, tree := range map[string]fs.FS{"": root, "gallery/": os.DirFS("testdata/gallery")} {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(tree, name)
			files[from+name] = &fstest.MapFile{Data: raw}
			return err
		})
		if err != nil {
			t.Fatalf("collect templates: %v", err)
		}
	}
	r, err := newRenderer(files, static)
	if err != nil {
		t.Fatalf("renderer: %v", err)
	}
	return r, static
}

var samplePath = []PathStep{
	{Text: "Inskickat", When: "18 september", State: "past"}, {Text: "Kontroll", When: "senast 2 oktober", State: "now"},
	{Text: "Bedömning", When: "oktober"}, {Text: "Beslut", When: "10 november"}, {Text: "Utbetalning", When: "tidigast 11 februari"},
	{Text: "Resa", When: "12–18 april"}, {Text: "Rapport", When: "senast 17 juni"},
}

func sampleGallery(p Page) galleryPage {
	l := p.Lang
	p.Title, p.Over, p.Aside = "Delar", "KS 2026/IF-0064", "4 av 10 dagar"
	p.Lead, p.Saved = "Det som sidorna är byggda av.", "Sparat kl. 14.02. Det du skrev finns kvar, också det som behöver rättas."
	p.Tags = []Tag{StateTag(l, workflow.UnderCheck, false), FlagTag(l, "late")}
	p.Flash = &Note{Kind: "good", Strong: "Beslutet är sparat.", Text: "Brevet skickas när protokollet är justerat."}

	f := ReadForm(l, url.Values{
		"title": {"Energi och demokrati i två industristäder"}, "requested": {"81 000,50"}, "pupils": {"tjugo"}, "share": {"80"}, "start": {"2027-06-07"},
		"level": {"b"}, "strategy": {"a", "c"}, "version": {"7"}, "motive": {"För kort"}, "k1": {"4"}, "summary": {"Tjugofyra elever arbetar en vecka."},
		"budget.1.code": {"a"}, "budget.1.text": {"Flyg tur och retur, 27 personer"}, "budget.1.qty": {"27"}, "budget.1.price": {"4 200"},
		"budget.2.code": {"b"}, "budget.2.text": {"Boende personal, 3 personer, 6 nätter"}, "budget.2.qty": {""}, "budget.2.price": {"900"},
		"goals.1.goal": {"Alla elever genomför en gemensam fältstudie."}, "goals.1.indicator": {"24 godkända redovisningar."},
		"goals.2.goal": {"Partnerskapet fortsätter."},
	})
	f.Kronor("requested")
	f.Int("pupils")
	f.FailText("start", "Resan ska börja mellan 1 december 2026 och 31 maj 2027.")
	f.FailText("level", "Välj skolform.")
	f.FailText("budget.2.qty", "Skriv hur många nätter ni betalar för. 3 personer i 6 nätter blir 18.")
	p.Errors = f.Errors

	abc := []Option{{Value: "a", Text: "Grundskola", Hint: "årskurs 1–9"}, {Value: "b", Text: "Gymnasieskola"}, {Value: "c", Text: "Anpassad skola"}}
	plain := []Option{{Value: "a", Text: "Resor till och från"}, {Value: "b", Text: "Boende"}}
	budget := f.RowSet("budget", "budget", 1, func(n int) string { return map[int]string{1: "113 400", 2: "–"}[n] },
		RowField{Name: "code", Kind: "select", Options: plain, Wide: true}, RowField{Name: "text", Wide: true},
		RowField{Name: "qty", Kind: "number"}, RowField{Name: "price", Kind: "money"})
	goals := f.RowSet("goals", "stack", 1, nil, RowField{Name: "goal", Kind: "area", Max: 300, Height: 2}, RowField{Name: "indicator", Optional: true})
	goals.Order = true
	relabel(&budget, "Kostnadsslag", "Beskrivning", "Antal", "Pris, kr")
	relabel(&goals, "Mål", "Hur ni ser att målet är nått")
	budget.Add, goals.Add = "Lägg till rad", "Lägg till mål"
	budget.Total = &RowsTotal{Text: "Summa kostnader", Note: "rad 2 är inte med än", Sum: "113 400 kr"}

	at := p.Now
	was := "3 vuxna"
	return galleryPage{
		Page: p, Form: f, Countries: plain, Levels: abc, Budget: budget, Goals: goals, Words: []string{"a", "b"},
		Actions: []Button{{Text: "Skicka in ansökan"}, {Text: "Hämta kvittens", Variant: "secondary", Href: "/x", Icon: "download"}, {Text: "Ta bort utkastet", Color: "danger", Name: "go", Value: "1"}},
		Files:   []StoredFile{{Name: "avsiktsforklaring.pdf", Href: "/f/1", Size: 214_000, Note: "Daterad 2 september 2026", Remove: "detach:1"}},
		Notes: []Note{{Text: "Omgången stänger onsdag 30 september."}, {Kind: "warn", Title: "Vill du ta bort utkastet?", Text: "Det går inte att få tillbaka.", Items: []string{"Två bilagor"}, Links: []Link{{Text: "Läs mer", Href: "/x"}}},
			{Kind: "bad", Strong: "Vi kunde inte spara.", Text: "Försök igen om en stund."}},
		Empty: Empty{Title: "Inga ärenden väntar på dig", Text: "Nya ansökningar visas här när de har skickats in.", Link: &Link{Text: "Alla ärenden", Href: "/cases"}},
		Next:  Note{Strong: "Du behöver inte göra något just nu.", Text: "Ekonomi betalar 64 800 kr tidigast torsdag 11 februari 2027."},
		Tags2: []Tag{StateTag(l, workflow.Draft, true), StateTag(l, workflow.Approved, true), StateTag(l, workflow.CompletionRequested, false), OutcomeTag(l, "granted", true), FlagTag(l, "coi")},
		Tasks: []Task{{Text: "Skola och kontakt", Href: "/a", Done: true}, {Text: "Budget och finansiering", Href: "/b", Hint: "Rad 3 saknar antal.", Tag: &Tag{Text: "Två fel att rätta", Color: "danger"}}, {Text: "Granska", Tag: &Tag{Text: "Kan inte börja", Outline: true}}},
		Answers: []Answer{{Term: "Skola", Value: "Baldergymnasiet", Change: "/a"}, {Term: "Mål", Items: []string{"Ett", "Två"}, Change: "/a"}, {Term: "Vuxna", Value: "4 vuxna\nen assistent", Was: &was, Change: "/a"},
			{Term: "Avsiktsförklaring", Links: []Link{{Text: "avsikt.pdf", Href: "/f"}}, Note: "Daterad 2 september 2026, 214 kB", Tag: &Tag{Text: "Vänort", Outline: true}}},
		Facts: []Fact{{Term: "Diarienummer", Value: "KS 2026/IF-0101"}, {Term: "Inkommen", At: at}, {Term: "Bilagor", Links: []Link{{Text: "Program", Href: "/f"}, {Text: "Risk", Href: "/g"}}},
			{Term: "Ansökan", Value: "Version 1", Hash: "4b1f7d02c9e85a3690bb2e41fd73186c4b1f7d02c9e85a3690bb2e41fd73186c"}, {Term: "Partner", Value: "Brahestad", Tag: &Tag{Text: "Vänort", Outline: true}, Note: "Finland"}},
		Sums: []Fact{{Term: "Per person", Value: "156 000"}, {Term: "75 procent", Value: "88 350", Strong: true}, {Term: "Summa", Value: "88 350", Total: true}},
		Todos: []Todo{{Count: 1, Text: "Ta ställning till behörighet", Href: "/c", Detail: "Norrbacka förskola.", When: "11 dagar sen", Urgency: "late"}, {Count: 2, Text: "Lämna till bedömning", Href: "/c", When: "i dag", Urgency: "soon"},
			{Count: 2, Text: "Bedömning pågår", Href: "/c", When: "23 oktober"}},
		Steps: []Step{{Title: "Läraren skriver ansökan", Text: "Allt sparas medan du skriver."}, {Title: "Rektor godkänner"}},
		Views: []View{{Text: "Mina", Href: "/c", Count: 14, Current: true}, {Text: "Alla", Href: "/c?view=all", Count: 31}},
		Table: Table{Caption: "Mina ärenden", HideCaption: true, Class: "queue", Stack: true,
			Head: []Column{{Text: "Ärende"}, {Text: "Steg"}, {Text: "Tid i steget"}, {Text: "Sökt, kr", Sum: true}},
			Rows: []Row{{Cells: []Cell{{Links: []Link{{Text: "Kanalskolan – Sevilla", Href: "/c/1"}}, Note: "KS 2026/IF-0104"}, {Tags: []Tag{StateTag(l, workflow.CompletionRequested, false)}}, {Text: "18 av 10 dagar", Class: "late"}, {Text: "60 000"}}},
				{Cells: []Cell{{Text: "Björkskolan", Strong: true}, {At: at, Form: "shortdate"}, {}, {Text: "0", Class: "diff"}}}},
			Foot: []Row{{Cells: []Cell{{Text: "Summa"}, {}, {}, {Text: "60 000"}}}}},
		Pager: Pager{Shown: 8, Total: 14, Next: "/c?after=8"},
		Path2: samplePath,
		Findings: []FindingView{{Severity: "stop", Text: "Sökanden tillhör inte en skolform som fonden omfattar", Rule: "RF-01", Detail: "Handläggaren tar ställning.", Link: &Link{Text: "Bedöm", Href: "/r", Hidden: "behörigheten"}},
			{Severity: "warning", Text: "Sökt belopp är högre än taket", Rule: "RF-07", Ruling: "Räknas bort.", By: "Karin Holmlund, 27 mars"}, {Severity: "info", Text: "Annat bidrag är uppgivet"}},
		Agrees:    []FindingView{{Severity: "ok", Text: "Rektor har godkänt", Rule: "RF-02"}},
		Log:       Log{Items: []LogItem{{Year: "2026"}, {At: at, Text: "Vi tog emot ansökan.", Kind: "Kvittens, mejl till dig och rektor", Link: &Link{Text: "Kvittensen", Href: "/f"}}}},
		Reckoning: Reckoning{Caption: "Uträkning", Rows: []ReckonRow{{Text: "Beloppet per person", Why: "17 elever × 4 000 kr", Sum: "74 000 kr"}, {Text: "75 procent av det ni betalade", Sum: "70 950 kr", Low: true}}, Foot: []ReckonRow{{Text: "Ni betalar tillbaka", Sum: "5 850 kr", Result: true}}},
		Quote:     Quote{Text: "Betalar Erasmus+ någon del?", By: "Karin Holmlund, 2 oktober"},
		Pot:       Pot{ID: "pot", Title: "Potten, hösten 2026", Total: 400_000, Parts: []PotPart{{"granted", "Beviljat", 139_125}, {"proposed", "Föreslaget", 72_000}, {"this", "Det här ärendet", 0}, {"left", "Kvar", 188_875}}},
		Signs:     []Sign{{ID: "a1", Title: "Attest 1, granskning", Checks: []string{"Rätt mottagare och konto"}, Name: "Tomas Ek", At: at}, {ID: "a2", Title: "Attest 2, beslut", Checks: []string{"Pengarna finns i potten"}, Open: true, Text: "Väntar på någon annan på ekonomi."}},
		Tally: Tally{Title: "Så mycket kan ni få", Answer: "Högst 81 000 kr", Why: "Beloppet per person sätter gränsen.", Limits: []Limit{{"24 elever och 3 vuxna × 3 000 kr", "81 000 kr", true}, {"75 procent av kostnaderna", "111 172 kr", false}},
			Second: "Går det ihop?", Sums: []Fact{{Term: "Kostnader", Value: "148 230 kr"}, {Term: "Sökt belopp", Value: "− 81 000 kr"}}, Gap: &Gap{Strong: "67 230 kr saknas.", Text: "Rätta felen, så ser du om det går ihop."}},
		History: []HistoryItem{{At: at, Text: "Karin Holmlund räknade bort två kostnader."}, {At: at.Add(-time.Hour), Form: "stamp", Text: "Inkommen.", Auto: true}},
		Criterion: Criterion{Form: f, Code: "K1", Title: "Partnerskap och ömsesidighet", Weight: "Vikt 5", Name: "k1",
			Grades:  []Option{{Value: "3", Text: "Avsiktsförklaring, minst halva tiden gemensam"}, {Value: "4", Text: "Gemensam planering, svarsbesök planerat"}},
			Comment: Field{Form: f, Name: "k1.comment", Label: "Motivering", Hint: "Minst 50 tecken.", Min: 50}, Warn: "Blir ert gemensamma betyg under 3 kan ansökan inte beviljas.",
			From: "Ur ansökan", Quotes: []Quote{{Text: "Skolorna har haft kontakt sedan 2025."}, {Term: "Gemensam tid", Text: "80 procent"}}},
	}
}

// relabel gives sample words to rows whose words the gallery does not have.
func relabel(set *RowSet, words ...string) {
	for i := range set.Rows {
		for j := range set.Rows[i].Fields {
			set.Rows[i].Fields[j].Label = words[j]
			set.Head[j] = words[j]
		}
	}
}

func sampleLetter(p Page) letterPage {
	p.Title, p.Bare = "Beslut om bidrag till skolutbyte med Brahestad", true
	return letterPage{Page: p, Letter: Letter{
		Owner: "Skellefteå kommun", Unit: "Kommunstyrelsen, Internationella enheten", Kind: "Beslut",
		Facts: []Fact{{Term: "Datum", Value: "2026-05-20"}, {Term: "Diarienummer", Value: "KS 2026/IF-0064"}},
		To:    []string{"Kågeskolan", "Anna-Karin Lidström"}, Title: p.Title,
		Granted: &Granted{Before: "Kommunstyrelsens arbetsutskott beviljar Kågeskolan", Sum: "88 350 kr", After: "för skolutbytet 5–9 oktober 2026. Ni sökte 120 000 kr."},
		Sections: []LetterSection{{Title: "Skäl för beslutet", Paragraphs: []string{"Två bedömare har läst ansökan."}, Items: []string{"Fickpengar kan inte få bidrag."},
			Table: &Table{Caption: "Så är beloppet räknat", HideCaption: true, Head: []Column{{Text: "Post"}, {Text: "Kronor", Sum: true}}, Rows: []Row{{Cells: []Cell{{Text: "Kostnader"}, {Text: "148 800"}}}}}},
			{Title: "Villkor", Items: []string{"Godkänn villkoren.", "Lämna rapport."}, Numbered: true}},
		Signed: []string{"Ulla Forsman\nnämndsekreterare"}, Foot: []Fact{{Term: "E-post", Value: p.Contact}},
	}}
}

func sampleReceipt(p Page) receiptPage {
	p.Title, p.Person, p.Rehearsal, p.Back, p.Bare = "Ansökan är inskickad", nil, false, nil, true
	return receiptPage{Page: p, Panel: Panel{Title: p.Title, Text: "Ert diarienummer", Big: "KS 2026/IF-0101"}, Steps: samplePath}
}

func galleryPages(p Page) map[string]rendered {
	office := sampleGallery(p)
	office.Office, office.Errors, office.Flash = true, nil, nil
	for i := range office.Form.Errors {
		office.Form.Errors[i] = FieldError{}
	}
	return map[string]rendered{"gallery/parts": sampleGallery(p), "gallery/parts#office": office, "gallery/letter": sampleLetter(p), "gallery/receipt": sampleReceipt(p)}
}

func TestEveryPartIsAGoodPage(t *testing.T) {
	t.Parallel()
	r, _ := galleryRenderer(t)
	for _, l := range lang.All() {
		for name, page := range galleryPages(samplePage(l)) {
			w := httptest.NewRecorder()
			if err := r.Render(w, 200, trimSample(name), page); err != nil {
				t.Errorf("%s in %s: %v", name, l, err)
				continue
			}
			for _, fault := range faultsOf(t, w.Body.String()) {
				t.Errorf("%s in %s: %s", name, l, fault)
			}
		}
	}
}

func trimSample(name string) string {
	for i := range name {
		if name[i] == '#' {
			return name[:i]
		}
	}
	return name
}
