package bank

// Problem is why a line needs a person. It is the problem of the answer's lines.
type Problem string

// The problems.
const (
	ProblemNoReference   Problem = "no_reference"
	ProblemNoStatus      Problem = "no_status"
	ProblemNoAmount      Problem = "no_amount"
	ProblemAmountForm    Problem = "amount_form"
	ProblemNoDirection   Problem = "no_direction"
	ProblemCurrency      Problem = "currency"
	ProblemUnknownStatus Problem = "unknown_status"
	ProblemBlocked       Problem = "blocked"
	ProblemPayeeCheck    Problem = "payee_check"
	ProblemDuplicate     Problem = "duplicate"
	ProblemNotSent       Problem = "not_sent"
	ProblemOtherAmount   Problem = "other_amount"
	ProblemNotFound      Problem = "not_found"
	ProblemSeveral       Problem = "several_candidates"
	ProblemGroupSum      Problem = "group_sum"
	ProblemTakenBack     Problem = "credit_taken_back"
	ProblemUnclear       Problem = "unclear"
	ProblemRepayment     Problem = "repayment"
	ProblemOtherAccount  Problem = "other_account"

	ProblemRejectedThoughPaid Problem = "rejected_although_paid"
	ProblemPaidThoughRejected Problem = "paid_although_rejected"
	ProblemPaidThoughReplaced Problem = "paid_although_replaced"
	ProblemPaidTwice          Problem = "paid_twice"
	ProblemReturnThoughNoPay  Problem = "returned_although_rejected"
	ProblemReturnBeforeDebit  Problem = "return_before_debit"
	ProblemAlreadyBack        Problem = "already_back"
)

var problemWords = map[Problem][2]string{
	ProblemNoReference:   {"Raden saknar referens.", "The line has no reference."},
	ProblemNoStatus:      {"Banken säger inget om betalningens status.", "The bank says nothing of the payment's status."},
	ProblemNoAmount:      {"Raden saknar eget belopp.", "The line has no amount of its own."},
	ProblemAmountForm:    {"Beloppet kan inte läsas.", "The amount cannot be read."},
	ProblemNoDirection:   {"Det står inte om pengarna gick ut eller kom in.", "It is not said whether money went out or came in."},
	ProblemCurrency:      {"Beloppet är inte i svenska kronor, eller saknar valuta.", "The amount is not in Swedish kronor, or has no currency."},
	ProblemUnknownStatus: {"Bankens status är okänd.", "The bank's status is not known."},
	ProblemBlocked:       {"Betalningen är spärrad hos banken. Fråga banken.", "The payment is blocked at the bank. Ask the bank."},
	ProblemPayeeCheck:    {"Mottagarens namn stämmer inte med kontot enligt banken.", "The payee's name does not match the account, the bank says."},
	ProblemDuplicate: {
		"Banken har redan detta. Betala inte igen innan banken svarat.",
		"The bank already has this. Do not pay again before it has answered.",
	},
	ProblemNotSent:     {"Beskedet gäller en betalning som inte har lämnats till banken.", "The answer is about a payment that was never given to the bank."},
	ProblemOtherAmount: {"Referensen stämmer men inte beloppet.", "The reference agrees but not the amount."},
	ProblemNotFound:    {"Ingen betalning passar raden.", "No payment fits the line."},
	ProblemSeveral:     {"Flera betalningar kan passa. Välj en.", "Several payments may fit. Choose one."},
	ProblemGroupSum:    {"Beloppet är inte gruppens summa. Välj betalningar.", "The amount is not the group's sum. Choose payments."},
	ProblemTakenBack:   {"Banken har tagit tillbaka en tidigare insättning.", "The bank took an earlier credit back."},
	ProblemUnclear:     {"Betalningen är oklar; ekonomen måste avgöra.", "The payment is unclear; finance must decide."},

	ProblemRepayment: {"Pengarna passar ett återkrav. Registrera återbetalningen.", "The money fits a claim. Record the repayment."},

	ProblemOtherAccount: {
		"Vår referens står på en rad på ett annat konto än kommunens, så raden ändrar ingen betalning. Är kontot kommunens: ange det i bankprofilen och koppla raden till betalningen. Annars: avfärda raden.",
		"Our reference stands on a line of another account than the municipality's, so the line changes no payment. If the account is the municipality's: put it into the bank profile and place the line with the payment. If not: dismiss the line.",
	},

	ProblemRejectedThoughPaid: {"Avvisad, fast den är betald.", "Rejected although it is paid."},
	ProblemPaidThoughRejected: {"Betald, fast den är avvisad. Betala inte igen.", "Paid although it is rejected. Do not pay again."},
	ProblemPaidThoughReplaced: {"Betald, fast en ny betalning har ersatt den. Betald två gånger?", "Paid although a new payment replaced it. Paid twice?"},
	ProblemPaidTwice: {
		"Debiterad en gång till, fast den redan är betald. Betald två gånger?",
		"Debited once more although it is paid already. Paid twice?",
	},
	ProblemReturnThoughNoPay: {"Pengar kom tillbaka, fast betalningen är avvisad.", "Money came back although the payment is rejected."},
	ProblemAlreadyBack: {
		"Banken skickar tillbaka hela betalningen, men skolan har redan betalat tillbaka eller fått avskrivet en del. Anteckna det som är kvar av återkravet som återbetalat, lämna tillbaka resten till skolan och avfärda raden.",
		"The bank sends the whole payment back, but the school has repaid a part already or had it written off. Record what is left of the claim as repaid, give the rest back to the school and dismiss the line.",
	},
	ProblemReturnBeforeDebit: {"Pengar kom tillbaka, men debiteringen är inte känd än.", "Money came back, but the debit is not known yet."},
}

// Words gives the problem in Swedish and English; both are "" for no problem.
func (p Problem) Words() (sv, en string) {
	w := problemWords[p]
	return w[0], w[1]
}
