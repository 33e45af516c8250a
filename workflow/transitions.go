package workflow

import (
	"slices"
	"strings"
)

// State is where an application is in its life (contract.md §3).
type State string

// The states.
const (
	Draft               State = "draft"
	AwaitingPrincipal   State = "awaiting_principal"
	Approved            State = "approved"
	Submitted           State = "submitted"
	UnderCheck          State = "under_check"
	CompletionRequested State = "completion_requested"
	UnderAssessment     State = "under_assessment"
	Ranked              State = "ranked"
	Proposed            State = "proposed"
	Decided             State = "decided"
	ConditionsAccepted  State = "conditions_accepted"
	Payable             State = "payable"
	Paid1               State = "paid_1"
	Travelling          State = "travelling"
	ReportDue           State = "report_due"
	ReportSubmitted     State = "report_submitted"
	ReportReturned      State = "report_returned"
	ReportAccepted      State = "report_accepted"
	Settled             State = "settled"
	Closed              State = "closed"
	Withdrawn           State = "withdrawn"
	Lapsed              State = "lapsed"
)

// States lists all of them in the order of a case's life.
var States = []State{Draft, AwaitingPrincipal, Approved, Submitted, UnderCheck, CompletionRequested, UnderAssessment, Ranked, Proposed,
	Decided, ConditionsAccepted, Payable, Paid1, Travelling, ReportDue, ReportSubmitted, ReportReturned, ReportAccepted, Settled, Closed,
	Withdrawn, Lapsed}

// Action is what can be done with an application.
type Action string

// The actions of people (contract.md §3), and below them those of the program.
const (
	ActSave               Action = "save" // a PATCH, or a saved step of the form
	ActRequestApproval    Action = "request_approval"
	ActApprove            Action = "approve"
	ActReturn             Action = "return_to_applicant"
	ActSubmit             Action = "submit"
	ActWithdraw           Action = "withdraw"
	ActDiscontinue        Action = "discontinue"
	ActRegister           Action = "register"
	ActAssignOfficer      Action = "assign_officer"
	ActMessage            Action = "message"
	ActRuleEligibility    Action = "rule_eligibility"
	ActRequestCompletion  Action = "request_completion"
	ActExtendCompletion   Action = "extend_completion"
	ActComplete           Action = "complete"
	ActAssignReviewers    Action = "assign_reviewers"
	ActDeclareInterest    Action = "declare_interest"
	ActSaveReview         Action = "save_review"
	ActSubmitReview       Action = "submit_review"
	ActSetConsensus       Action = "set_consensus"
	ActRank               Action = "rank"
	ActPropose            Action = "propose"
	ActHoldLetter         Action = "hold_letter"
	ActReleaseLetter      Action = "release_letter"
	ActDecide             Action = "decide"
	ActOrderTranslation   Action = "order_translation"
	ActEnterTranslation   Action = "enter_translation"
	ActRemitBack          Action = "remit_back"
	ActTakeBack           Action = "take_back"
	ActCorrect            Action = "correct"
	ActRecordNotice       Action = "record_notice"
	ActRecordAppeal       Action = "record_appeal"
	ActRecordJudgment     Action = "record_judgment"
	ActAcceptConditions   Action = "accept_conditions"
	ActDecline            Action = "decline"
	ActRuleCondition      Action = "rule_condition"
	ActLapse              Action = "lapse"
	ActChangeAccount      Action = "change_account"
	ActVerifyAccount      Action = "verify_account"
	ActCheckAdvisory      Action = "check_advisory"
	ActRequestChange      Action = "request_change"
	ActDecideChange       Action = "decide_change"
	ActReportCancellation Action = "report_cancellation"
	ActSubmitReport       Action = "submit_report"
	ActExtendReport       Action = "extend_report"
	ActReturnReport       Action = "return_report"
	ActAcceptReport       Action = "accept_report"
	ActSettle             Action = "settle"
	ActAskStatement       Action = "ask_statement"
	ActGiveStatement      Action = "give_statement"
	ActRecordStatement    Action = "record_statement"
	ActDecideRecovery     Action = "decide_recovery"
	ActRecordRepayment    Action = "record_repayment"
	ActWriteOff           Action = "write_off"
	ActClose              Action = "close"

	ActAttach           Action = "attach"
	ActDetach           Action = "detach"
	ActInvite           Action = "invite_writer"
	ActRemoveWriter     Action = "remove_writer"
	ActHandOver         Action = "hand_over"
	ActFilePaper        Action = "file_paper"
	ActScanFile         Action = "scan_file"
	ActTakeUp           Action = "take_up"
	ActExpireCompletion Action = "expire_completion"
	ActMakePayable      Action = "make_payable"
	ActStartTravel      Action = "start_travel"
	ActEndTravel        Action = "end_travel"
	ActProposeRecovery  Action = "propose_recovery"
	ActMovePayment      Action = "move_payment"
	ActBankRepayment    Action = "bank_repayment"
	ActAddDocument      Action = "add_document"
	ActNote             Action = "note"
)

// Who is a role or a relation to the case that a transition asks for.
type Who string

// Relations; roles are used by their own names.
const (
	ByApplicant Who = "applicant" // who drafted it, and the co-writers
	ByPrincipal Who = "principal" // a principal of the applying school
	ByEconomist Who = "economist" // of the applying school: the money of its report, and no more
	ByReviewer  Who = "reviewer"  // assigned to this case
	ByOffice    Who = "office"    // anyone of the office
	ByMachine   Who = "machine"   // the program
	ByOfficer   Who = Who(Officer)
	ByHead      Who = Who(Head)
	BySecretary Who = Who(Secretary)
	ByFinance1  Who = Who(Finance1)
	ByFinance2  Who = Who(Finance2)
	ByRegistrar Who = Who(Registrar)
)

// Transition is a row of the table: from these states the action leads to To
// (empty: the state is kept, or the command says which of To it is).
type Transition struct {
	Action Action
	By     []Who
	From   []State
	To     []State // the states it may lead to besides staying; empty: kept
}

// Groups of states that several rows share.
var (
	unfiled     = []State{Draft, AwaitingPrincipal, Approved}
	filedOpen   = []State{Submitted, UnderCheck, CompletionRequested, UnderAssessment, Ranked, Proposed}
	decidedOn   = []State{Decided, ConditionsAccepted, Payable, Paid1, Travelling, ReportDue, ReportSubmitted, ReportReturned, ReportAccepted, Settled}
	afterFiling = slices.Concat(filedOpen, decidedOn, []State{Withdrawn, Lapsed, Closed})
	untilPaid   = []State{
		Draft,
		AwaitingPrincipal,
		Approved,
		Submitted,
		UnderCheck,
		CompletionRequested,
		UnderAssessment,
		Ranked,
		Proposed,
		Decided,
		ConditionsAccepted,
		Payable,
		Paid1,
		Travelling,
		ReportDue,
		ReportSubmitted,
		ReportReturned,
		ReportAccepted,
		Settled,
	}
	proposedIn = []State{ReportDue, ReportReturned, Settled, UnderCheck, Decided, Withdrawn} // where a recovery may be proposed
	onTheWay   = []State{ConditionsAccepted, Payable, Paid1, Travelling, ReportDue}
	reportIn   = []State{ReportSubmitted, ReportReturned, ReportAccepted}
)

// Transitions is the one table of who may do what when. It decides requests,
// draws the buttons and the diagram in docs/workflow.md, and is what the tests walk.
var Transitions = []Transition{
	{ActSave, []Who{ByApplicant}, []State{Draft, Approved, CompletionRequested}, []State{Draft}},
	{
		ActAttach,
		[]Who{ByApplicant, ByOfficer},
		slices.Concat(unfiled, filedOpen, []State{Decided, ConditionsAccepted, Payable, Paid1, Travelling, ReportDue, ReportReturned}),
		nil,
	},
	{ActDetach, []Who{ByApplicant}, []State{Draft, Approved, CompletionRequested}, nil},
	{ActInvite, []Who{ByApplicant}, untilPaid, nil},
	{ActRemoveWriter, []Who{ByApplicant}, untilPaid, nil},
	{ActHandOver, []Who{ByPrincipal, ByOfficer}, untilPaid, nil},
	{ActFilePaper, []Who{ByOfficer}, []State{Draft}, []State{Submitted}},
	{ActRequestApproval, []Who{ByApplicant}, []State{Draft}, []State{AwaitingPrincipal}},
	{ActApprove, []Who{ByPrincipal}, []State{AwaitingPrincipal}, []State{Approved}},
	{ActApprove, []Who{ByPrincipal}, slices.Concat(filedOpen, decidedOn), nil},
	{ActApprove, []Who{ByEconomist}, []State{ReportSubmitted}, nil},
	{ActReturn, []Who{ByPrincipal}, []State{AwaitingPrincipal}, []State{Draft}},
	{ActSubmit, []Who{ByApplicant}, unfiled, []State{Submitted}},
	{ActTakeUp, []Who{ByMachine}, []State{Submitted}, []State{UnderCheck}},
	{ActWithdraw, []Who{ByApplicant}, slices.Concat(unfiled, filedOpen), []State{Withdrawn}},
	{ActDiscontinue, []Who{ByOfficer}, []State{Withdrawn}, []State{Closed}},
	{ActRegister, []Who{ByRegistrar}, afterFiling, nil},
	{ActAssignOfficer, []Who{ByOfficer, ByHead}, slices.Concat(filedOpen, decidedOn), nil},
	{ActMessage, []Who{ByApplicant, ByPrincipal, ByOfficer, ByHead, BySecretary}, afterFiling, nil},
	{ActRuleEligibility, []Who{ByOfficer}, []State{UnderCheck}, []State{UnderAssessment}},
	{ActRequestCompletion, []Who{ByOfficer}, []State{UnderCheck}, []State{CompletionRequested}},
	{ActExtendCompletion, []Who{ByOfficer}, []State{CompletionRequested}, nil},
	{ActComplete, []Who{ByApplicant}, []State{CompletionRequested}, []State{UnderCheck}},
	{ActExpireCompletion, []Who{ByMachine}, []State{CompletionRequested}, []State{UnderCheck}},
	{ActAssignReviewers, []Who{ByOfficer, ByHead}, []State{UnderCheck, UnderAssessment}, nil},
	{ActDeclareInterest, []Who{ByOffice}, afterFiling, nil},
	{ActSaveReview, []Who{ByReviewer}, []State{UnderAssessment}, nil},
	{ActSubmitReview, []Who{ByReviewer}, []State{UnderAssessment}, nil},
	{ActSetConsensus, []Who{ByOfficer}, []State{UnderAssessment}, nil},
	{ActRank, []Who{ByOfficer}, []State{UnderAssessment}, []State{Ranked}},
	{ActPropose, []Who{ByOfficer}, []State{Ranked, UnderCheck}, []State{Proposed}},
	{ActDecide, []Who{ByHead, BySecretary}, []State{Proposed}, []State{Decided}},
	{ActHoldLetter, letterHands, []State{Proposed}, nil},
	{ActReleaseLetter, letterHands, []State{Proposed, Decided}, nil},
	{ActRemitBack, []Who{ByHead, BySecretary}, []State{Proposed}, []State{UnderCheck}},
	{ActTakeBack, []Who{ByOfficer, ByHead}, []State{UnderAssessment}, []State{UnderCheck}},
	{ActTakeBack, []Who{ByOfficer}, []State{Ranked}, []State{UnderAssessment}},
	{ActTakeBack, []Who{ByOfficer}, []State{Proposed}, []State{Ranked, UnderCheck}},
	{ActTakeBack, []Who{ByOfficer, ByHead, BySecretary}, []State{UnderCheck}, []State{Proposed}},
	{ActTakeBack, []Who{ByHead, BySecretary}, []State{Decided}, []State{Proposed}},
	{ActOrderTranslation, letterHands, slices.Concat(decidedOn, []State{Lapsed, Closed}), nil},
	{ActEnterTranslation, letterHands, slices.Concat(decidedOn, []State{Lapsed, Closed}), nil},
	{ActCorrect, []Who{ByOfficer}, slices.Concat(decidedOn, []State{Lapsed, Closed}), nil},
	{ActRecordNotice, []Who{BySecretary, ByRegistrar}, slices.Concat(decidedOn, []State{Lapsed}), nil},
	{ActRecordAppeal, []Who{BySecretary, ByRegistrar}, slices.Concat(decidedOn, []State{Lapsed, Closed}), nil},
	{ActRecordJudgment, []Who{BySecretary, ByRegistrar}, slices.Concat(decidedOn, []State{Lapsed, Closed}), []State{UnderCheck}},
	{ActAcceptConditions, []Who{ByApplicant, ByPrincipal}, []State{Decided}, []State{ConditionsAccepted}},
	{ActDecline, []Who{ByApplicant, ByPrincipal}, []State{Decided}, []State{Lapsed}},
	{
		ActRuleCondition,
		[]Who{ByOfficer},
		[]State{Decided, ConditionsAccepted, Payable, Paid1, Travelling, ReportDue, ReportSubmitted, ReportReturned, ReportAccepted, Settled},
		nil,
	},
	{ActLapse, []Who{ByOfficer}, []State{Decided, ConditionsAccepted, Payable}, []State{Lapsed}},
	{ActChangeAccount, []Who{ByApplicant}, untilPaid, nil},
	{ActVerifyAccount, []Who{ByFinance1, ByFinance2}, slices.Concat(filedOpen, decidedOn), nil},
	{ActCheckAdvisory, []Who{ByOfficer}, []State{ConditionsAccepted, Payable, Paid1, Travelling}, nil},
	{ActMakePayable, []Who{ByMachine}, []State{ConditionsAccepted}, []State{Payable}},
	{ActStartTravel, []Who{ByMachine}, []State{ConditionsAccepted, Payable, Paid1}, []State{Travelling}},
	{ActEndTravel, []Who{ByMachine}, []State{Travelling}, []State{ReportDue}},
	{ActRequestChange, []Who{ByApplicant}, slices.Concat([]State{Decided}, onTheWay), nil},
	{
		ActDecideChange,
		[]Who{ByOfficer, ByHead, BySecretary},
		slices.Concat([]State{Decided}, onTheWay, reportIn),
		nil,
	}, // also what was still open when the report came
	{ActReportCancellation, []Who{ByApplicant}, onTheWay, nil},
	{ActSubmitReport, []Who{ByApplicant}, []State{Travelling, ReportDue, ReportReturned}, []State{ReportSubmitted}},
	{ActExtendReport, []Who{ByOfficer}, []State{Travelling, ReportDue, ReportReturned}, nil},
	{ActReturnReport, []Who{ByOfficer}, []State{ReportSubmitted}, []State{ReportReturned}},
	{ActAcceptReport, []Who{ByOfficer}, []State{ReportSubmitted, ReportReturned}, []State{ReportAccepted}}, // of a returned one: when no answer came in time
	{ActSettle, []Who{ByOfficer}, slices.Concat(onTheWay, []State{ReportAccepted}), []State{Settled}},
	{ActProposeRecovery, []Who{ByMachine}, []State{ReportDue, ReportReturned}, nil},
	{ActAskStatement, []Who{ByOfficer}, proposedIn, nil},
	{ActGiveStatement, []Who{ByApplicant, ByPrincipal}, proposedIn, nil},
	{ActRecordStatement, []Who{ByOfficer, ByRegistrar}, proposedIn, nil},
	{ActDecideRecovery, []Who{ByHead, BySecretary}, proposedIn, []State{Settled}},
	{ActRecordRepayment, []Who{ByFinance1}, slices.Concat(filedOpen, decidedOn, []State{Closed, Lapsed, Withdrawn}), nil},
	{ActBankRepayment, []Who{ByMachine}, slices.Concat(filedOpen, decidedOn, []State{Closed, Lapsed, Withdrawn}), nil},
	{ActWriteOff, []Who{ByFinance1}, slices.Concat(filedOpen, decidedOn, []State{Closed, Lapsed, Withdrawn}), nil},
	{ActClose, []Who{ByOfficer}, []State{Settled, Decided, Lapsed}, []State{Closed}},
	{ActMovePayment, []Who{ByFinance1, ByFinance2, ByMachine}, slices.Concat(filedOpen, decidedOn, []State{Closed, Lapsed, Withdrawn}), []State{Paid1}},
	{ActScanFile, []Who{ByMachine}, slices.Concat(unfiled, afterFiling), nil},
	{ActAddDocument, []Who{ByMachine}, slices.Concat(unfiled, afterFiling), nil},
	{ActNote, []Who{ByMachine}, slices.Concat(unfiled, afterFiling), nil},
}

// From lists the states in which one of the actions can be taken, each once.
func From(actions ...Action) (states []State) {
	for _, t := range Transitions {
		for _, from := range t.From {
			if slices.Contains(actions, t.Action) && !slices.Contains(states, from) {
				states = append(states, from)
			}
		}
	}
	return states
}

// StateNames lists states with commas between, as filters do.
func StateNames(states []State) string {
	names := make([]string, len(states))
	for i, st := range states {
		names[i] = string(st)
	}
	return strings.Join(names, ",")
}

// Public lists the actions that people take through POST …/actions/{action}, in the table's order.
func Public() (list []Action) {
	for _, t := range Transitions {
		if _, ok := commands[t.Action]; ok && !slices.Contains(list, t.Action) {
			list = append(list, t.Action)
		}
	}
	return list
}
