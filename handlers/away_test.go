package handlers

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
)

// wire is the line between the service and its database, which can be cut and mended.
type wire struct {
	net.Listener
	to   string
	open chan net.Conn
}

func (w *wire) serve() {
	for {
		c, err := w.Accept()
		if err != nil {
			return
		}
		d, err := net.Dial("tcp", w.to)
		if err != nil {
			_ = c.Close()
			continue
		}
		w.open <- c
		go func() { _, _ = io.Copy(d, c); _ = d.Close() }()
		go func() { _, _ = io.Copy(c, d); _ = c.Close() }()
	}
}

// cut ends every connection and lets none in.
func (w *wire) cut() {
	_ = w.Close()
	for {
		select {
		case c := <-w.open:
			_ = c.Close()
		default:
			return
		}
	}
}

// TestDatabaseAway: the caller is told that it is not their fault and when to come
// again, /readyz sends nobody here, and when it is back all goes on without a new start.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	first, at := sqltest.OpenURL(t)
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: u.Host, open: make(chan net.Conn, 100)}
	go w.serve()
	u.Host = l.Addr().String()
	store, err := sql.Open(t.Context(), u.String(), sql.Options{Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	p, err := first.PersonByEmail(t.Context(), "officer@example.org")
	if err != nil {
		t.Fatal(err)
	}
	token, err := first.NewToken(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	pages := New(Deps{Store: store, Render: testRenderer(t), Static: static, BaseURL: "http://fund.test", Wall: time.Now}).Handler()
	get := func(path string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		if strings.HasPrefix(path, apiPrefix) {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		rec := httptest.NewRecorder()
		pages.ServeHTTP(rec, req)
		return rec
	}
	paths := []string{"/", "/registry", "/readyz", apiPrefix + "/me", apiPrefix + "/rounds"}
	for _, path := range paths {
		if got := get(path); got.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, got.Code)
		}
	}
	w.cut()
	for _, path := range paths {
		got := get(path)
		if got.Code != http.StatusServiceUnavailable {
			t.Errorf("%s without a database: %d %s", path, got.Code, got.Body)
		}
		if path != "/readyz" && (got.Header().Get("Retry-After") == "" || !strings.Contains(got.Body.String(), "Inget som har sparats är borta")) {
			t.Errorf("%s doesn't say what to do: %v %s", path, got.Header(), got.Body)
		}
	}
	if got := get("/healthz"); got.Code != http.StatusOK {
		t.Errorf("/healthz: %d: a new start of the process would mend nothing", got.Code)
	}
	if w.Listener, err = net.Listen("tcp", u.Host); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.cut)
	go w.serve()
	for _, path := range paths {
		if got := get(path); got.Code != http.StatusOK {
			t.Errorf("%s when it is back: %d %s", path, got.Code, got.Body)
		}
	}
}
