package handlers

// Tally is the live box beside rows. ID is replaced by a script when it asks
// the server again, and is the same in every answer.
type Tally struct {
	ID     string
	Title  string
	Answer string // "Högst 81 000 kr"
	Why    string
	Limits []Limit
	Second string // "Går det ihop?"
	Sums   []Fact
	Gap    *Gap
}

// Limit is a limit of the grant. Low is the one that rules.
type Limit struct {
	Text string
	Sum  string
	Low  bool
}

// Gap says whether costs and money meet.
type Gap struct {
	Strong string
	Text   string
	OK     bool
}

// Reckoning is arithmetic that a school must follow: a step a row.
type Reckoning struct {
	Caption string
	Rows    []ReckonRow
	Foot    []ReckonRow
}

// ReckonRow is a step. Low marks the limit that rules, Result an answer.
type ReckonRow struct {
	Text   string
	Why    string
	Sum    string
	Low    bool
	Result bool
}

// Pot is the money of a round. Total and parts are whole kronor.
type Pot struct {
	ID    string
	Title string
	Total int64
	Parts []PotPart
}

// PotPart is a part of the pot. Kind: granted, proposed, this, left.
type PotPart struct {
	Kind   string
	Text   string
	Amount int64
}

// Granted is the outcome, in a frame of lines.
type Granted struct {
	Before string
	Sum    string
	After  string
}

// RowsTotal is below the rows.
type RowsTotal struct {
	Text string
	Note string
	Sum  string
}
