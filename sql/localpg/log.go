package localpg

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keepLog is the size in bytes from which a log is put aside at the next start.
const keepLog = 5 << 20

// serverLog is postgres.log, and whoever else listens.
type serverLog struct {
	path string
	file *os.File
	also io.Writer
	from int64
}

// openLog opens dir's log for adding to it. The file goes to the server as it is,
// so that the server can write on when its owner is gone.
func openLog(dir string, also io.Writer) (*serverLog, error) {
	l := &serverLog{path: filepath.Join(dir, "postgres.log"), also: also}
	if info, err := os.Stat(l.path); err == nil && info.Size() > keepLog {
		if err := os.Rename(l.path, l.path+".1"); err != nil {
			return nil, fmt.Errorf("put the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database's log: %w", err)
	}
	l.file = f
	return l, nil
}

func (l *serverLog) target() io.Writer {
	if l.also == nil {
		return l.file
	}
	return io.MultiWriter(l.file, l.also)
}

// mark remembers the end of the log; sinceMark is what came after it.
func (l *serverLog) mark() {
	if info, err := os.Stat(l.path); err == nil {
		l.from = info.Size()
	}
}

func (l *serverLog) sinceMark() string {
	b, err := os.ReadFile(l.path)
	if err != nil || int64(len(b)) < l.from {
		return ""
	}
	return string(b[l.from:])
}

// quoteLog is the end of what a program said, for an error.
func quoteLog(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) > 8 {
		lines = lines[len(lines)-8:]
	}
	if said = strings.Join(lines, "\n"); said == "" {
		return ""
	}
	return "; it said:\n" + said
}
