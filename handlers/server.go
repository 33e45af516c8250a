package handlers

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"fund/jobs/clamd"
	"fund/sql"
	"fund/workflow/lang"
)

// Deps is everything that the pages and the API need from outside.
type Deps struct {
	Store     *sql.Store
	Render    *Renderer // nil: the API alone
	Static    *Static
	Wall      func() time.Time // real time: for log lines and sessions, never for the fund's days
	Log       *slog.Logger
	BaseURL   string // as the public reaches the service, without a slash at the end
	Contact   string // the office's address, on pages and in letters; empty: the one of the words
	Rehearsal bool
	Scanner   *clamd.Client // nil: files are marked as not scanned
	OIDC      OIDC          // the municipality's sign-in; an empty issuer: there is none
	Version   string        // of the program, for the API's description

	// TrustedProxies are the addresses or networks of the proxies before the
	// service: their X-Forwarded-For tells who sent a request. Without any, it is
	// who connected, as anyone can write that header.
	TrustedProxies []string

	// Ready asks further parts whether they answer (queue, migrations), by name.
	Ready map[string]func(context.Context) error
	// Metrics is where the numbers go; nil makes an own register. MetricsElsewhere
	// leaves /metrics out, as another address serves it.
	Metrics          *prometheus.Registry
	MetricsElsewhere bool
}

// Server answers requests. It holds nothing that a request changes.
type Server struct {
	Deps
	store    *sql.Store
	log      *slog.Logger
	meter    meter
	oidc     *oidcClient
	pages    http.Handler // the routes, for a post that waited for a sign-in
	openAPI  func() ([]byte, error)
	bodyTime time.Duration
	salt     string // tells senders of ideas apart while this process lives
}

// New makes a server; Handler serves it.
func New(d Deps) *Server {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
	d.BaseURL = strings.TrimRight(d.BaseURL, "/")
	d.Contact = cmp.Or(d.Contact, lang.T(lang.SV, "app.contact"))
	s := &Server{Deps: d, store: d.Store, log: d.Log, meter: newMeter(d.Metrics), salt: newID(), bodyTime: bodyTime}
	s.oidc = &oidcClient{settings: d.OIDC, redirect: d.BaseURL + "/sign-in/callback", http: &http.Client{Timeout: oidcWait}}
	s.openAPI = sync.OnceValues(s.makeOpenAPI)
	return s
}

// Handler is the whole service: request id, log line, security headers, panics
// turned into answers, foreign browsers kept out, and then the routes.
func (s *Server) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.BaseURL); err == nil && u.Host != "" {
		// Behind a proxy the Host may be another one than the browser's.
		if err := cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			s.log.Warn("base address is no origin", "address", s.BaseURL, "error", err)
		}
	}
	// The API carries a bearer token and no cookie, so there is nothing to forge.
	cross.AddInsecureBypassPattern(apiPrefix + "/")
	s.pages = s.routes()
	return s.outermost(cross.Handler(s.pages))
}

// requestID is what a caller may send as X-Request-Id to find its own lines again.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type idKey struct{}

// arrivedKey holds the real time at which a request came in.
type arrivedKey struct{}

// outermost surrounds every request.
func (s *Server) outermost(next http.Handler) http.Handler {
	https := strings.HasPrefix(s.BaseURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !requestID.MatchString(id) {
			id = newID()
		}
		began := s.Wall()
		r = r.WithContext(context.WithValue(context.WithValue(r.Context(), idKey{}, id), arrivedKey{}, began))
		h := w.Header()
		h.Set("X-Request-Id", id)
		secure(h, https)
		out := &outWriter{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.ErrorContext(r.Context(), "panic", "request", id, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				if out.status == 0 {
					s.panicked(out, r)
				}
			}
			took := s.Wall().Sub(began)
			s.meter.observe(r, out.code(), took)
			s.log.InfoContext(r.Context(), "request", "request", id, "method", r.Method, "path", r.URL.Path, "status", out.code(), "ms", took.Milliseconds())
		}()
		next.ServeHTTP(out, r)
	})
}

// panicked answers what the program itself got wrong.
func (s *Server) panicked(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, apiPrefix) {
		writeProblem(w, internalProblem(r))
		return
	}
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// secure sets what every answer says to browsers.
func secure(h http.Header, https bool) {
	h.Set("Content-Security-Policy", ContentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	if https {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func newID() string {
	b := make([]byte, 8)
	rand.Read(b) // never fails: the program ends if the system has no randomness
	return hex.EncodeToString(b)
}

// outWriter remembers the status for the log line.
type outWriter struct {
	http.ResponseWriter
	status int
}

func (w *outWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *outWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *outWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what is there, for downloads that are streamed.
func (w *outWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

func (w *outWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// engine is Gin without its own log and recovery, which outermost has.
func (s *Server) engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	if err := e.SetTrustedProxies(s.TrustedProxies); err != nil {
		panic(err) // the settings were checked when the program started
	}
	e.RedirectTrailingSlash = false
	e.HandleMethodNotAllowed = true
	e.UseEscapedPath = true
	e.ContextWithFallback = true
	return e
}
