package handlers

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/dossier"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/notice"
)

// casePapers are the papers of a case as they were on the table: its written
// proposals, and the minutes of the meetings that it was dealt with at.
type casePapers struct {
	kept    []sql.Paper
	days    map[int64]workflow.Date // of the meetings
	leftOut []string
}

// papersFor finds the papers of a case's package. Minutes tell of the meeting's
// other cases too, so they are for those who may know of every one of them.
func (s *Server) papersFor(c *gin.Context, k workflow.Case) (casePapers, error) {
	ctx, p := c.Request.Context(), casePapers{days: map[int64]workflow.Date{}}
	if k.App.Proposal != nil && !k.IsMasked() { // one that its step could not keep is made good here, as where it is opened
		if _, err := s.keepProposal(c, k); err != nil {
			return p, err
		}
	}
	list, err := s.store.Papers(ctx, k.App.ID, 0)
	if err != nil {
		return p, err
	}
	p.add(list)
	meetings, err := s.store.Sittings(ctx)
	if err != nil {
		return p, err
	}
	slices.Reverse(meetings) // oldest first
	for _, m := range meetings {
		if !slices.Contains(m.Agenda, k.App.ID) {
			continue
		}
		if list, err = s.store.Papers(ctx, 0, m.ID); err != nil {
			return p, err
		}
		if len(list) == 0 {
			if m.Decided(k) != nil {
				p.leftOut = append(p.leftOut, fmt.Sprintf("minutes of %s: not confirmed yet", m.Day))
			}
			continue
		}
		whole, err := s.readsWhole(c, m)
		if err != nil {
			return p, err
		}
		if !whole {
			p.leftOut = append(p.leftOut, fmt.Sprintf("minutes of %s: they tell of a case that the one who made the package may not know of", m.Day))
			continue
		}
		p.days[m.ID] = m.Day
		p.add(list)
	}
	return p, nil
}

func (p *casePapers) add(list []sql.Paper) {
	for _, x := range list {
		if x.Gone {
			p.leftOut = append(p.leftOut, fmt.Sprintf("paper %d (sha256 %s): deleted by archive decision", x.ID, x.SHA256))
			continue
		}
		p.kept = append(p.kept, x)
	}
}

// paperLine is a paper in the package's list of them.
type paperLine struct {
	ID       int64     `json:"id"`
	File     string    `json:"file"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	About    time.Time `json:"about"` // when the proposal was made; of minutes when they were confirmed
	MadeAt   time.Time `json:"made_at"`
	SHA256   string    `json:"sha256"`
	Corrects int64     `json:"corrects,omitempty"`
}

func (p casePapers) name(x sql.Paper) string {
	if x.Kind == notice.KindProposal {
		return fmt.Sprintf("papers/%d-tjansteskrivelse.pdf", x.ID)
	}
	return fmt.Sprintf("papers/%d-protokoll-%s.pdf", x.ID, p.days[x.Sitting])
}

// packPapers adds the papers byte for byte, and their list with hash and instant.
func (s *Server) packPapers(ctx context.Context, w *dossier.Writer, p casePapers) error {
	for _, why := range p.leftOut {
		w.LeaveOut(why)
	}
	list := []paperLine{}
	for _, x := range p.kept {
		_, pdf, err := s.store.Paper(ctx, x.ID)
		if err != nil {
			return err
		}
		if err := w.Add(p.name(x), x.Title, bytes.NewReader(pdf)); err != nil {
			return err
		}
		list = append(list, paperLine{x.ID, p.name(x), x.Kind, x.Title, x.About, x.At, x.SHA256, x.Corrects})
	}
	return w.JSON("papers.json", "the written proposals and minutes, with hash and instant", list)
}
