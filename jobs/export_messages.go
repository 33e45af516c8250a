package jobs

import (
	"fund/jobs/books"
	"fund/jobs/pain001"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// bankMessage is one message of a batch to the bank. A batch that is larger than the
// bank takes at once becomes several (design/payments.md, 3).
type bankMessage struct {
	n      int // counted from 1
	id     string
	groups []bankGroup
	of     workflow.ChannelSum // of the whole message
}

// bankGroup is a PmtInf and the lines that stand in it.
type bankGroup struct {
	pain001.Group
	lines sql.LineRange
}

// bankMessages divides the payments to the bank into messages: first those paid from the
// bankgiro, then those paid from the account, each in the order of the batch, and as many
// to a message as the bank profile says. All are on the batch's one bank day. The same
// lines and the same profile give the same messages.
func (x *exporting) bankMessages() (list []bankMessage, err error) {
	all, err := x.sum.Of(bankChannels...)
	if err != nil {
		return nil, err
	}
	messages := x.settings.Bank.Messages(all.Payments)
	for n := range messages {
		list = append(list, bankMessage{n: n + 1, id: workflow.MessageName(x.batch.MessageID, n+1)})
	}
	if messages == 1 { // nothing to divide: what was summed is the message
		for _, form := range []pain001.Form{pain001.FromBankgiro, pain001.FromIBAN} {
			of, err := x.sum.Of(formChannels(form)...)
			if err != nil {
				return nil, err
			}
			if of.Payments > 0 {
				list[0].groups = append(list[0].groups, x.bankGroup(form, 0, of))
			}
		}
		list[0].of = all
		return list, nil
	}
	return list, x.divide(list)
}

// divide reads the lines once and says which stand in which message.
func (x *exporting) divide(list []bankMessage) error {
	if len(list) == 0 {
		return nil
	}
	limit, place := x.settings.Bank.PerMessage(), 0
	for _, form := range []pain001.Form{pain001.FromBankgiro, pain001.FromIBAN} {
		skip := 0
		for l, err := range x.lines(formChannels(form)...) {
			if err != nil {
				return err
			}
			m := &list[min(place/limit, len(list)-1)]
			if k := len(m.groups); k == 0 || m.groups[k-1].Form != form {
				m.groups = append(m.groups, x.bankGroup(form, skip, workflow.ChannelSum{}))
			}
			g := &m.groups[len(m.groups)-1]
			g.Count, g.lines.Count, m.of.Payments = g.Count+1, g.Count+1, m.of.Payments+1
			if g.Sum, err = money.Sum(g.Sum, l.Amount); err != nil {
				return err
			}
			if m.of.Sum, err = money.Sum(m.of.Sum, l.Amount); err != nil {
				return err
			}
			place, skip = place+1, skip+1
		}
	}
	return nil
}

func (x *exporting) bankGroup(form pain001.Form, skip int, of workflow.ChannelSum) bankGroup {
	return bankGroup{pain001.Group{Day: books.Noon(x.batch.Execution), Form: form, Count: of.Payments, Sum: of.Sum},
		sql.LineRange{Channels: formChannels(form), Skip: skip, Count: of.Payments}}
}

// bankGroups names each PmtInf with its lines, so that an answer about a group or about a
// message finds its payments and no others.
func (x *exporting) bankGroups() (list []sql.BankGroup) {
	for _, m := range x.messages {
		for i, g := range m.groups {
			b := sql.BankGroup{PmtInf: pain001.GroupID(m.id, i+1), Lines: g.lines}
			if m.n > 1 {
				b.Message = m.id
			}
			list = append(list, b)
		}
	}
	return list
}
