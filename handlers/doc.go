// Package handlers is the pages and the API of the service.
//
// A handler reads, asks, answers and fits on a screen: it holds no rules. GET
// changes nothing; a POST ends in 303 or in the same page with 422.
//
// # Pages
//
// A page is a struct that embeds Page, and a file templates/<room>/<page>.html
// that defines "content":
//
//	{{define "content"}}<div class="two"><div class="flow">…</div><aside>…</aside></div>{{end}}
//
//	err := renderer.Render(w, http.StatusOK, "application/budget", budgetPage{Page: page, Form: form})
//
// The layout draws what Page holds: banner, menu, way back, list of faults,
// flash, Over, Tags, h1, Lead, Saved. A file may define its own "title" (then
// with the h1); Page.Bare leaves it out, as panel and letter have their own;
// or "main" for a page that is wider than the frame (then with
// {{template "top" .}}). Page.Errors = form.Errors shows the list of faults and
// puts "Fel:" first in <title>.
//
// Templates hold words by key ({{t "apply.lead" "Name" .Name}}), no text and no
// rules. Classes are those of app.css; no style= and no script, as the content
// security policy forbids both.
//
// # Functions of templates
//
//	t key [name value …]            words; plural key count [name value …]
//	money n, number n               kronor or a number: int, int64, *int64 (nil is –), money.SEK
//	size bytes
//	at form v                       <time datetime> of a time.Time, Date or "2026-09-18"; form: date longdate shortdate
//	                                datetime longdatetime clock stamp
//	query address name value …      /cases?view=mine
//	field form name [setting value …]   a Field; options prefix value …   []Option
//	tag color text, note kind text, button text, dict, slice, lower, lang, other, static
//
// # Partials
//
// {{template "name" argument}}; the structs are in parts.go and field.go.
//
//	controls (Field)  text area money number date select radios checks yesno check hidden any
//	                  {{template "text" (field .Form "title" "max" 80)}}
//	                  settings: label hint words options max min height unit width type mode complete empty accept
//	                  optional quiet wide inline kind (text: string, numbers: int, flags: bool)
//	rows              RowSet, made with form.RowSet; a heading with id="{{.Rows.Label}}" stands above it
//	enter             Button: first in a form with rows, so that Enter never removes one
//	button link tag note empty next panel errors icon mark
//	tasks answers facts sums todos steps views                     lists of Task, Answer, Fact, Fact, Todo, Step, View
//	table pager path findings history log                          Table, Pager, []PathStep, []FindingView, []HistoryItem, Log
//	tally reckoning criterion quote pot sign receipt               by struct; receipt a dict title facts foot
//	letter                                                         Letter
//
// # Forms
//
// Names of controls are the API's paths, rows counted from 1: budget.2.qty. The
// words of a control are field.<name without numbers> and field.<…>.hint. Read
// with FormOf, then Text, Need, Kronor, Int, Percent, Date, Day, Moment, Choice,
// Bool, YesNo, List; what cannot be read is noted in Form.Errors. Note what the
// workflow refused with Form.Refuse, and show the same Form again.
//
// Buttons that change rows are called row: if focus, pressed :=
// form.ChangeRows(); pressed, save what can be saved, and lead to "#"+focus.
//
// A form with data-live="address" is posted there while somebody types; the
// answer's elements with data-live-id replace the page's own (Renderer.RenderPart
// of "tally" is enough). Without a script a button does the same.
//
// # Tests
//
// testRoom(t, "room", samples) renders every page of a room in both languages
// and holds it against the rules of a good page. Package webtest drives a real
// browser.
package handlers
