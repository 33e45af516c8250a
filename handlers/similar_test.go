package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheSameTripIsSeenBeforeItIsPaidTwice: those who prepare and decide see what may be the same
// trip, of this round and of earlier years, on every page where they judge; nobody else does, nobody
// reads of a case that is shut to him, and what was withdrawn is no longer told.
func TestTheSameTripIsSeenBeforeItIsPaidTwice(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	if text := v.get("officer", v.office(), 200); strings.Contains(text, "Kan vara samma resa") {
		t.Fatalf("like nothing: %s", text)
	}
	twin := v.filed()
	page := v.bring("2023.csv", "år;skola;titel;partner;land;första dag;sista dag;elever;beviljat;utfall\n"+
		"2026;Baldergymnasiet;Möte i Brahestad;Brahestads skola;Finland;2026-09-10;2026-09-12;20;41000;beviljad\n"+
		"2026;Baldergymnasiet;Möte i Brahestad;Brahestads skola;Finland;2026-09-10;2026-09-12;20;0;avslag\n", 303)
	v.fill("admin", page, 303)
	v.ranked()
	dnr := fmt.Sprint(v.call("officer", "GET", twin, "").want(200).at("dnr"))
	for _, at := range []string{v.office(), v.office() + "/propose"} {
		v.says(v.get("officer", at, 200), "Kan vara samma resa", dnr+" Möte i Brahestad", "amma dagar, samma partner", "lika många elever", "Beviljat 41 000 kr", "tidigare år")
		v.says(v.get("officer", at+"?lang=en", 200), "May be the same trip", dnr, "ame days, same partner", "as many pupils", "Granted SEK 41 000")
		v.get("officer", at+"?lang=sv", 200)
	}
	v.says(v.get("officer", strings.Replace(twin, "applications", "cases", 1)+"/eligibility", 200), "Kan vara samma resa")
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.says(v.get("head", fmt.Sprintf("/decisions/%d", v.id), 200), "Kan vara samma resa", dnr)
	if text := v.get("reviewer1", v.office(), 200) + v.get("teacher", v.path, 200) + v.get("principal", v.path, 200); strings.Contains(text, "samma resa") {
		t.Errorf("told to others: %s", text)
	}
	v.call("head", "POST", twin+"/actions/declare_interest", `{"conflict":true,"reason":"Systers skola."}`).want(200)
	if text := v.get("head", fmt.Sprintf("/decisions/%d", v.id), 200); strings.Contains(text, dnr) {
		t.Errorf("told of a case that is shut: %s", text)
	}
	v.act("teacher", twin, "withdraw", `{}`)
	if text := v.get("officer", v.office(), 200); strings.Contains(text, dnr) || !strings.Contains(text, "41 000") {
		t.Errorf("after the other was withdrawn: %s", text)
	}
}
