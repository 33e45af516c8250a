package handlers

import (
	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// spotJSON is a round's draw for spot checks of final reports.
type spotJSON struct {
	SeedSHA256 string  `json:"seed_sha256" doc:"Published with the round: SHA-256 of the secret's hexadecimal text."`
	Seed       *string `json:"seed" doc:"The secret; null until no first report of the round can come any more."`
	Reports    *int64  `json:"reports" doc:"Reports that a lot was drawn for; null like the secret, but for the office."`
	Drawn      *int64  `json:"drawn" doc:"Of these, how many the lot fell on."`
	Risky      *int64  `json:"risky" doc:"Of these, how many were looked into for a risk alone."`
}

// spotOf is the draw of one round as the reader may know it: the numbers would tell
// the only school of a small round that it was drawn, so they wait for the secret.
func (s *Server) spotOf(c *gin.Context, round string) (sql.SpotDraws, bool, error) {
	list, err := s.store.SpotDraws(c.Request.Context())
	for _, x := range list {
		if x.Round == round {
			return x, x.Seed != "" || actorOf(c).Office(), err
		}
	}
	return sql.SpotDraws{}, false, err
}

func (s *Server) representSpot(c *gin.Context, round string) (*spotJSON, error) {
	x, counts, err := s.spotOf(c, round)
	if err != nil || x.Round == "" {
		return nil, err
	}
	out := &spotJSON{SeedSHA256: x.SeedSHA256, Seed: textOrNull(x.Seed)}
	if counts {
		out.Reports, out.Drawn, out.Risky = &x.Reports, &x.Drawn, &x.Risky
	}
	return out, nil
}

// spotFact says what a round's draw came to, with the hash that was published and, when it is over, the secret.
func spotFact(l lang.Lang, term string, x sql.SpotDraws, counts bool) Fact {
	f := Fact{Term: term, Value: lang.T(l, "spot.later"), Hash: x.SeedSHA256, Note: lang.T(l, "spot.hash")}
	if counts {
		f.Value = lang.T(l, "spot.count", lang.Args{"Drawn": x.Drawn, "Reports": x.Reports, "Risky": x.Risky})
	}
	if x.Seed != "" {
		f.Note = lang.T(l, "spot.seed", lang.Args{"Seed": x.Seed})
	}
	return f
}

// openDraw is the draw of a published round.
type openDraw struct {
	sql.SpotDraws
	round workflow.Round
}

// openDraws are those of all published rounds.
func (s *Server) openDraws(c *gin.Context) (list []openDraw, err error) {
	draws, err := s.store.SpotDraws(c.Request.Context())
	if err != nil {
		return nil, err
	}
	rounds, err := s.store.Rounds(c.Request.Context(), false)
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		for _, x := range draws {
			if x.Round == r.ID && r.State != workflow.RoundDraft {
				list = append(list, openDraw{x, r})
			}
		}
	}
	return list, nil
}

// spotFacts are the draws of the published rounds with what came of them, for the statistics.
func (s *Server) spotFacts(c *gin.Context, l lang.Lang, cases []workflow.Case) (facts []Fact, err error) {
	draws, err := s.openDraws(c)
	for _, x := range draws {
		f := spotFact(l, notice.RoundName(l, x.round), x.SpotDraws, x.Seed != "")
		for _, n := range workflow.CountSpotChecks(cases, workflow.StatFilter{Round: x.Round}) {
			if x.Seed != "" && n.Drawn+n.Risky > 0 {
				f.Value += ". " + lang.T(l, "spot.outcome", lang.Args{"Accepted": n.Accepted, "Remarked": n.Remarked, "Cut": n.Cut, "Open": n.Open})
			}
		}
		facts = append(facts, f)
	}
	return facts, err
}

// spotSheet is the same as a table for the downloads: the rounds whose secret is told, and of them the cases of the choice.
func (s *Server) spotSheet(c *gin.Context, l lang.Lang, cases []workflow.Case, f workflow.StatFilter) (statSheet, error) {
	sheet := statSheet{name: lang.T(l, "spot.heading"), cols: []string{"spots"}}
	for _, key := range []string{"fact.round", "spot.reports", "spot.by_lot", "spot.by_risk", "spot.accepted", "spot.remarked", "spot.cut", "spot.open"} {
		sheet.head = append(sheet.head, lang.T(l, key))
	}
	draws, err := s.openDraws(c)
	for _, n := range workflow.CountSpotChecks(cases, f) {
		for _, x := range draws {
			if x.Round == n.Round && x.Seed != "" {
				sheet.rows = append(sheet.rows, []any{notice.RoundName(l, x.round), n.Reports, n.Drawn, n.Risky, n.Accepted, n.Remarked, n.Cut, n.Open})
			}
		}
	}
	return sheet, err
}
