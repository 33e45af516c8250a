package jobs

import (
	"fmt"
	"io"
	"iter"

	"fund/jobs/books"
	"fund/jobs/pain001"
	"fund/jobs/plaintext"
	"fund/workflow"
)

// bankOrders are the files of the messages in one version.
func (x *exporting) bankOrders(v pain001.Version) (list []making) {
	for i := range x.messages {
		m := &x.messages[i]
		list = append(list, making{workflow.PaymentFileName(string(v), m.n), "application/xml", bankChannels,
			func(w io.Writer) error { return x.pain001(w, v, m) }, m})
	}
	return list
}

// pain001 writes a payment order for the bank in one of its versions; ids and sums are the same in both.
func (x *exporting) pain001(w io.Writer, v pain001.Version, of *bankMessage) error {
	payer, bank := x.settings.Payer, x.settings.Bank
	m := pain001.Message{ID: of.id, Created: x.exported(),
		Initiator: pain001.Initiator{Name: payer.Name, ID: orElse(bank.InitiatorID, payer.OrgNo), Scheme: bank.InitiatorScheme},
		Debtor:    pain001.Debtor{Name: payer.Name, Town: payer.Town, OrgNo: payer.OrgNo, IBAN: payer.IBAN, Bankgiro: payer.Bankgiro, BIC: payer.BIC},
		Settings: pain001.Settings{BatchBooking: bank.BatchBooking, ChargeBearer: bank.ChargeBearer, ServiceLevel: bank.ServiceLevel,
			CategoryPurpose: bank.CategoryPurpose, UETR: bank.UETR, Letters: plaintext.Letters(bank.Letters)}}
	for _, g := range of.groups {
		m.Groups = append(m.Groups, g.Group)
	}
	return pain001.Encode(w, v, m, x.transfers(of.groups))
}

// formChannels are the channels that are paid from one of the municipality's accounts.
func formChannels(form pain001.Form) (list []string) {
	for _, c := range bankChannels {
		if pain001.Kind(c).Form() == form {
			list = append(list, c)
		}
	}
	return list
}

// transfers streams the payments, group by group. Encode holds them against what the
// groups announce.
func (x *exporting) transfers(groups []bankGroup) iter.Seq2[pain001.Payment, error] {
	return func(yield func(pain001.Payment, error) bool) {
		for _, g := range groups {
			for l, err := range x.source(g.lines) {
				var p pain001.Payment
				if err == nil {
					p, err = x.transfer(l.BatchLine)
				}
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// transfer is a line as the bank reads it. Accounts are put into their normal form and checked once more.
func (x *exporting) transfer(l workflow.BatchLine) (pain001.Payment, error) {
	p := pain001.Payment{Day: books.Noon(x.batch.Execution), EndToEndID: l.Reference, UETR: l.UETR, Amount: l.Amount, Kind: pain001.Kind(l.Channel),
		Payee: pain001.Payee{Name: l.Payee, Town: l.Town}, Text: l.Reference + " Internationella fonden dnr " + l.DNR}
	var wrong *workflow.AccountFault
	switch p.Kind {
	case pain001.Bankgiro:
		p.Number, wrong = workflow.CheckBankgiro(l.Account.Bankgiro)
	case pain001.Plusgiro:
		p.Number, wrong = workflow.CheckPlusgiro(l.Account.Plusgiro)
	case pain001.Account:
		var a workflow.BankAccount
		a, wrong = workflow.CheckAccount(l.Account.Clearing, l.Account.Account)
		p.Clearing, p.Number = a.Clearing, a.Number
		if iban, ok := a.IBAN(); ok && a.Swedbank() && x.settings.Bank.SwedbankForm == "iban" {
			p.Kind, p.IBAN, p.Clearing, p.Number = pain001.IBAN, iban, "", ""
		}
	case pain001.IBAN:
		p.IBAN, wrong = workflow.CheckIBAN(l.Account.IBAN)
	default:
		return p, fmt.Errorf("%s: no bank channel is called %q", l.Reference, l.Channel)
	}
	if wrong != nil {
		return p, fmt.Errorf("%s: account: %s", l.Reference, wrong.Code)
	}
	return p, nil
}
