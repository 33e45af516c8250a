package localpg

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// folder makes one with files in it: name, content, name, content.
func folder(t *testing.T, path string, files ...string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(path, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(path, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// TestForgottenTestFoldersGo: a folder that nobody holds goes after an hour, one that is held or
// young stays, and so does one that points to data which aren't a cluster's.
func TestForgottenTestFoldersGo(t *testing.T) {
	t.Parallel()
	in := t.TempDir()
	dead := folder(t, filepath.Join(in, temporaryName+"1"))
	held := folder(t, filepath.Join(in, temporaryName+"2"))
	other := folder(t, filepath.Join(in, "notes"))
	precious := folder(t, filepath.Join(in, "precious"))
	astray := folder(t, filepath.Join(in, temporaryName+"3"), "home", precious)
	lock, err := takeLock(held)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	sweepTemporary(in, time.Now())
	if !there(dead) {
		t.Error("a folder made just now is gone")
	}
	sweepTemporary(in, time.Now().Add(forgotten+time.Minute))
	if there(dead) {
		t.Error("a forgotten folder is still there")
	}
	for _, path := range []string{held, other, precious, astray} {
		if !there(path) {
			t.Errorf("%s is gone", path)
		}
	}
}

// TestDataGoWithTheirTemporaryFolder: data of root's go when the folder they belong to was a
// temporary one and is gone, and stay in every other case.
func TestDataGoWithTheirTemporaryFolder(t *testing.T) {
	t.Parallel()
	in, temporary, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	kept := folder(t, filepath.Join(temporary, "kept"))
	gone := folder(t, filepath.Join(in, "gone"), ownerFile, filepath.Join(temporary, "x", "var"))
	stay := map[string]string{
		"its folder is there":      folder(t, filepath.Join(in, "a"), ownerFile, kept),
		"its disk may be away":     folder(t, filepath.Join(in, "b"), ownerFile, filepath.Join(elsewhere, "var")),
		"nobody knows whose it is": folder(t, filepath.Join(in, "c")),
		"of the folder itself":     folder(t, filepath.Join(in, "d"), ownerFile, temporary),
		"a path that leads out":    folder(t, filepath.Join(in, "e"), ownerFile, temporary+"/../away"),
	}
	sweepHomes(in, temporary)
	if there(gone) {
		t.Error("data of a temporary folder that is gone are still there")
	}
	for why, path := range stay {
		if !there(path) {
			t.Errorf("%s: gone", why)
		}
	}
}
