package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// rootsHome is where root's clusters go whose own folder the account of the
// server can't enter (below root's home, for instance).
const rootsHome = "/var/lib/fund"

// ownerFile names, beside such data, the folder that they belong to.
const ownerFile = "owner"

// account is who the server runs as where root starts it. A nil account is
// whoever we are.
type account struct {
	name     string
	uid, gid uint32
}

// accountFor chooses who runs the server of dir: for root the owner of the
// data, else "postgres", else "nobody".
func accountFor(dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	home, err := recordedHome(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(home, "data")); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			a := &account{name: strconv.Itoa(int(st.Uid)), uid: st.Uid, gid: st.Gid}
			if u, err := user.LookupId(a.name); err == nil {
				a.name = u.Username
			}
			return a, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &account{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL doesn't run as root, and there is no account postgres or nobody to run it as: start as an ordinary user")
}

func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("give %s to %s: %w", path, a.name, err)
	}
	return nil
}

// remark is the end of a line for the screen.
func (a *account) remark() string {
	if a == nil {
		return ""
	}
	return ", run as " + a.name
}

// canEnter tries it, as only the system knows every rule about it.
func (a *account) canEnter(dir string, bin binaries) bool {
	cmd := exec.Command(filepath.Join(bin.dir, "postgres"), "--version")
	cmd.Dir = dir
	cmd.Env = plainEnvironment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	return cmd.Run() == nil
}

// recordedHome is the folder above the data of dir: dir itself, or what the file
// "home" names.
func recordedHome(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "home"))
	if errors.Is(err, os.ErrNotExist) {
		return dir, nil
	}
	if err != nil {
		return "", fmt.Errorf("where the data of %s lie: %w", dir, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// homeFor is the folder above the data, made if need be. The choice is made
// once and written down. The name of a folder outside dir has a random part: a
// dir that was deleted and made again is a new, empty database.
func homeFor(dir string, bin binaries, runAs *account, say func(string)) (string, error) {
	home, err := recordedHome(dir)
	if err != nil || runAs == nil {
		return home, err
	}
	if home == dir && !runAs.canEnter(dir, bin) {
		if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
			return "", fmt.Errorf(
				"the account %s, which PostgreSQL runs as, can't enter %s: open the folders above it for passing through (chmod a+x)",
				runAs.name,
				dir,
			)
		}
		sum := sha256.Sum256([]byte(dir + "\n" + randomHex(16)))
		home = filepath.Join(rootsHome, hex.EncodeToString(sum[:8]))
		if err := writeFile(filepath.Join(dir, "home"), []byte(home)); err != nil {
			return "", err
		}
	}
	if home == dir {
		return dir, nil
	}
	say(fmt.Sprintf("the data lie in %s, as the account %s can't enter %s", home, runAs.name, dir))
	for _, d := range []string{rootsHome, home} {
		if err := os.MkdirAll(d, 0o711); err != nil {
			return "", fmt.Errorf("make the folder of the data: %w", err)
		}
		if err := os.Chmod(d, 0o711); err != nil { // whatever the umask
			return "", fmt.Errorf("open the folder of the data: %w", err)
		}
	}
	if err := writeFile(filepath.Join(home, ownerFile), []byte(dir)); err != nil {
		return "", err
	}
	return home, nil
}
