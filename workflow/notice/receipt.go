package notice

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// Receipt proves what was filed and when (FL 21–22 §§): the number, the
// instant to the second, and the SHA-256 of the filed version and of each file
// that came with it. sum is that of the first filed version.
func Receipt(c workflow.Case, sum string, o Office) Notice {
	at := c.App.ReceivedAt
	n := o.begin(c, KindReceipt, at)
	args := o.words(c)
	n.Title = o.t("notice.receipt.title", args)
	requested := c.App.LastRequested()
	if len(c.App.Filed) > 0 {
		requested = c.App.Filed[0].Requested
	}
	n.Facts = []Fact{
		{o.t("letter.dnr", nil), c.App.DNR},
		{o.t("notice.fact.arrived", nil), o.t("notice.receipt.at", lang.Args{"At": lang.Stamp(o.Lang, at)})},
		{o.t("notice.fact.project", nil), c.App.Form.Title},
		{o.t("notice.fact.requested", nil), o.money(requested)},
	}
	files := Section{Heading: o.t("notice.receipt.hashes", nil), Points: []string{o.t("notice.receipt.application", lang.Args{"Sum": sum})}}
	for _, f := range c.App.FiledWith(1) {
		files.Points = append(files.Points, o.t("notice.receipt.file", lang.Args{"Kind": o.t("attachment."+f.Kind, nil), "Name": f.Name, "Sum": f.SHA256}))
	}
	files.After = []string{
		o.t("notice.receipt.proof", nil),
		o.t("notice.receipt.show", lang.Args{"Link": o.Web + "/receipts/" + workflow.ReceiptCode(c.App.ID, 1, sum)}),
	}
	n.Sections = []Section{files, {Heading: o.t("notice.receipt.next", nil),
		Paragraphs: []string{o.t("notice.receipt.next.text", lang.Args{"Days": c.Round.Rules.CheckDays})}}, o.questions(c)}
	return n
}
