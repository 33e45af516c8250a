package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestWhyATripWasCancelled: who settles and who decides on the money reads the cause and the
// school's words, and the school is led to adding to them, not to cancelling again.
func TestWhyATripWasCancelled(t *testing.T) {
	t.Parallel()
	const teacher, why = "teacher.yrkesgymnasiet-skelleftea", "Partnerskolan stängde efter en vattenskada."
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(http.StatusOK)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	v.post(teacher, v.path+"/cancel", http.StatusSeeOther, "cause", "outside", "unavoidable_cost", "1000", "refunds", "0", "reason", why)
	v.says(v.get(teacher, v.path, http.StatusOK), "Fyll på om den inställda resan", "Lämna ett papper")
	v.says(v.get(teacher, v.path+"/cancel", http.StatusOK), "Lämna ett papper")
	pdf := []byte("%PDF-1.4 besked\n%%EOF")
	v.says(v.send(teacher, fileForm(t, v.path+"/papers", "other", "tomt.txt", []byte("x")), http.StatusUnprocessableEntity), "Rätta")
	v.send("officer", fileForm(t, v.path+"/papers", "other", "besked.pdf", pdf), http.StatusNotFound) // that is the school's page
	for range 2 {                                                                                     // sent once more where no answer came
		v.send(teacher, fileForm(t, v.path+"/papers", "other", "besked.pdf", pdf), http.StatusSeeOther)
	}
	if n := strings.Count(v.get(teacher, v.path+"/papers", http.StatusOK), "besked.pdf"); n != 1 {
		t.Errorf("the paper is there %d times", n)
	}
	v.says(v.get(teacher, v.path+"/settlement", http.StatusOK), "Något utanför skolans kontroll", why)
	home := fmt.Sprintf("/cases/%d", v.id)
	v.says(v.get("officer", home, http.StatusOK), "Något utanför skolans kontroll", why, "besked.pdf")
	v.says(v.get("officer", fmt.Sprintf("/do/%d/settle", v.id), http.StatusOK), why)
	v.post("officer", fmt.Sprintf("/do/%d/settle", v.id), http.StatusSeeOther)
	v.says(v.get("head", fmt.Sprintf("/do/%d/decide_recovery", v.id), http.StatusOK), why)
	if page := fmt.Sprint(v.get("officer", home, http.StatusOK)); strings.Contains(page, "Beslutat återkrav") {
		t.Error("a recovery that nobody has decided on has a decided sum")
	}
	for _, path := range []string{"/payouts", "/payouts/claims"} {
		page := v.get("finance1", path, http.StatusOK)
		v.says(page, "föreslaget, inte beslutat", "Inte beslutat")
		if strings.Contains(page, "Beslutat återkrav") {
			t.Errorf("%s lists what nobody has decided on as decided", path)
		}
	}
}
