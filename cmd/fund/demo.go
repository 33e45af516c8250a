package main

import (
	"context"
	"time"

	"fund/sql"
	"fund/workflow"
)

func machine() workflow.Actor { return workflow.Machine() }

// demo fills a rehearsal.
func demo(ctx context.Context, s *sql.Store, now time.Time) error { return nil }
