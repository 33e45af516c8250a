package localpg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// forgotten is how long a folder for tests lies before a later start removes it:
// its own start may not have got as far as its lock.
const forgotten = time.Hour

// sweepTemporary removes the folders of StartTemporary whose owner was killed,
// or ended without Stop, and the data that lie elsewhere for them. Only our own
// folders are touched, and none that somebody holds; what can't be removed
// waits for the next start.
func sweepTemporary(in string, now time.Time) {
	folders, _ := filepath.Glob(filepath.Join(in, temporaryName+"*"))
	for _, dir := range folders {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || now.Sub(info.ModTime()) < forgotten || !mine(info) {
			continue
		}
		lock, err := takeLock(dir)
		if err != nil {
			continue
		}
		if home, err := recordedHome(dir); err == nil && (home == dir || filepath.Dir(home) == rootsHome) && !hasServer(home) {
			_ = removeCluster(dir)
		}
		lock.Close()
	}
}

// sweepHomes removes the data below a folder of root's whose own folder is gone
// when it lay among the system's temporary files. Data of any other folder stay:
// it may be on a disk that isn't there just now.
func sweepHomes(in, temporary string) {
	homes, _ := filepath.Glob(filepath.Join(in, "*"))
	for _, home := range homes {
		owner, err := os.ReadFile(filepath.Join(home, ownerFile))
		if err != nil {
			continue
		}
		dir := strings.TrimSpace(string(owner))
		below, err := filepath.Rel(temporary, dir)
		if err != nil || below == "." || !filepath.IsLocal(below) {
			continue
		}
		if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) && !hasServer(home) {
			_ = os.RemoveAll(home) // else the next start does
		}
	}
}

// hasServer says whether the data in home are served.
func hasServer(home string) bool {
	data := filepath.Join(home, "data")
	pid, _ := readPIDFile(data)
	return pid != 0 && serves(pid, data)
}

func mine(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}
