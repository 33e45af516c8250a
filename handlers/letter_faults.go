package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// letterFault is a place of a letter that lacks words, and where that is mended.
type letterFault struct {
	Text string
	Link *Link
}

// letterFaultsOf says of each fault of a decision's letter where it is mended by
// who reads: the office's own words on their page, what was written in the decision
// by taking it back, as long as nobody was told of it, and the rest in the case.
func letterFaultsOf(l lang.Lang, k workflow.Case, by workflow.Actor, open []workflow.Action, faults []notice.Fault) (list []letterFault) {
	for _, f := range faults {
		x := letterFault{Text: f.String(), Link: &Link{Text: lang.T(l, "letter.fault.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}}
		switch {
		case f.Key != "" && by.Is(workflow.Admin):
			x.Link = &Link{Text: lang.T(l, "letter.fault.words"), Hidden: f.Key, Href: "/admin/texts/" + f.Key}
		case f.Key != "":
			x.Text, x.Link = strings.TrimRight(x.Text, ".")+". "+lang.T(l, "letter.fault.admin", lang.Args{"Key": f.Key}), nil
		case f.Field != "" && slices.Contains(open, workflow.ActTakeBack):
			x.Link = &Link{Text: lang.T(l, "letter.fault.take_back"), Hidden: f.Where, Href: grantHref(k, workflow.ActTakeBack)}
		}
		list = append(list, x)
	}
	return list
}

// failLetter notes in a form what keeps the letter from being sent: at its field
// where the words are written there, else with the way to where they are.
func (f *Form) failLetter(k workflow.Case, by workflow.Actor, faults []notice.Fault) {
	says := letterFaultsOf(f.Lang, k, by, nil, faults)
	for i, x := range faults {
		f.Fail(x.Field, "decide.letter_fault", lang.Args{"Where": says[i].Text})
		if x.Field == "" {
			f.Errors[len(f.Errors)-1].At = says[i].Link
		}
	}
}
