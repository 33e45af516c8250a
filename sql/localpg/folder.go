package localpg

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// state is what a running owner writes down for others.
type state struct {
	Port int `json:"port"`
	PID  int `json:"pid"` // of the server
}

// Running is the URL of the database "fund" of the server that another process
// runs in dir; ok is false when none does, or when this user may not know.
func Running(dir string) (url string, ok bool) {
	b, err := os.ReadFile(filepath.Join(dir, "cluster.json"))
	if err != nil {
		return "", false
	}
	var s state
	if json.Unmarshal(b, &s) != nil || s.Port == 0 {
		return "", false
	}
	password, err := os.ReadFile(filepath.Join(dir, "password"))
	if err != nil {
		return "", false
	}
	// A killed owner leaves the file; its server may be gone, or another program
	// have the port.
	if err := syscall.Kill(s.PID, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return "", false
	}
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), time.Second)
	if err != nil {
		return "", false
	}
	conn.Close()
	return dataSource(s.Port, strings.TrimSpace(string(password)), Database), true
}

func writeState(dir string, s state) error {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("state of the database: %w", err)
	}
	return writeFile(filepath.Join(dir, "cluster.json"), b)
}

// removeState may find nothing, and a state that stays is seen through by Running.
func removeState(dir string) { _ = os.Remove(filepath.Join(dir, "cluster.json")) }

// makeDir makes dir. Root's own is open for passing through, as the account
// that runs the server has to; the secrets in it are closed one by one.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chmod(dir, 0o711); err != nil {
			return fmt.Errorf("open the database folder for its account: %w", err)
		}
	}
	return nil
}

// takeLock holds dir for this process until the file is closed or the process ends.
func takeLock(dir string) (*os.File, error) {
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("the database in %s belongs to another user: start as that user, or in another folder: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the database folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer f.Close()
		pid, _ := io.ReadAll(f) // an unreadable number is only missing in the sentence
		return nil, fmt.Errorf("the database in %s is %w (pid %s)", dir, ErrRunning, strings.TrimSpace(string(pid)))
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the database folder: %w", err)
	}
	return f, nil
}

// passwordOf reads the role's password, or makes one where there are no data yet.
func passwordOf(dir, data string) (string, error) {
	path := filepath.Join(dir, "password")
	b, err := os.ReadFile(path)
	if err == nil && len(bytes.TrimSpace(b)) > 0 {
		return string(bytes.TrimSpace(b)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("password of the database: %w", err)
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return "", fmt.Errorf("the database in %s has lost its password: put back the file %s", data, path)
	}
	password := randomHex(16)
	return password, writeFile(path, []byte(password))
}

// randomHex is n random bytes in hexadecimal.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// writeFile replaces path as a whole, readable by its owner only.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(append(content, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// syncDir makes a rename in dir survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
