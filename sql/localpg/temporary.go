package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// temporaryName begins the name of each such folder.
const temporaryName = "fund-postgres-"

// Temporary is a cluster for tests: in a folder of its own, without fsync, and
// Stop removes all of it; what a killed process leaves, a later start does.
type Temporary struct {
	*Cluster
	dir string
}

// StartTemporary starts one. Dir and FsyncOff of o are set here.
func StartTemporary(ctx context.Context, o Options) (*Temporary, error) {
	sweepTemporary(os.TempDir(), time.Now())
	dir, err := os.MkdirTemp("", temporaryName)
	if err != nil {
		return nil, fmt.Errorf("folder for a temporary database: %w", err)
	}
	// Root's servers run under another account, which has to pass through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, fmt.Errorf("folder for a temporary database: %w", err)
	}
	o.Dir, o.FsyncOff = dir, true
	c, err := Start(ctx, o)
	if err != nil {
		return nil, errors.Join(err, removeCluster(dir))
	}
	return &Temporary{Cluster: c, dir: dir}, nil
}

// Stop ends the server and removes its data.
func (t *Temporary) Stop(ctx context.Context) error {
	return errors.Join(t.Cluster.Stop(ctx), removeCluster(t.dir))
}

// removeCluster removes dir and the data that lie elsewhere for it.
func removeCluster(dir string) error {
	home, err := recordedHome(dir)
	if err != nil {
		return err
	}
	for _, d := range []string{home, dir} {
		if err := os.RemoveAll(d); err != nil {
			return fmt.Errorf("remove a temporary database: %w", err)
		}
	}
	return nil
}
