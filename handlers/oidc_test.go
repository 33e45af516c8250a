package handlers

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// provider is a small OpenID Connect provider: discovery, keys, code for token with PKCE.
type provider struct {
	t         *testing.T
	url       string
	key       *rsa.PrivateKey
	claims    map[string]any // over the good ones
	challenge string
	nonce     string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token", "jwks_uri": p.url + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if r.PostFormValue("code") != "good" || base64.RawURLEncoding.EncodeToString(sum[:]) != p.challenge {
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.token()})
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

func (p *provider) token() string {
	now := time.Now()
	claims := map[string]any{"iss": p.url, "sub": "1", "aud": "fund", "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": p.nonce, "email": "Teacher@example.org", "email_verified": true}
	maps.Copy(claims, p.claims)
	raw, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k"}}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func TestSignInByTheMunicipality(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	v := newSchool(t)
	deps := v.server.Deps
	deps.Render, deps.Metrics, deps.OIDC = testRenderer(t), nil, OIDC{Issuer: p.url, ClientID: "fund", ClientSecret: "secret"}
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	deps.Static = static
	pages := New(deps).Handler()
	do := func(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		for _, c := range cookies {
			req.AddCookie(c)
		}
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, req)
		return w
	}
	cookie := func(w *httptest.ResponseRecorder, name string) *http.Cookie {
		for _, c := range w.Result().Cookies() {
			if c.Name == name && c.Value != "" {
				return c
			}
		}
		return nil
	}
	v.says(pageText(t, do("/sign-in?next=/applications").Body.String()), "Logga in med kommunens konto")
	for _, tt := range []struct {
		name   string
		claims map[string]any
		change func(q url.Values)
		bare   bool // comes without the cookie
		ok     bool
		says   string
	}{
		{name: "as it should be", ok: true},
		{name: "an address that is not verified", claims: map[string]any{"email_verified": false}, says: "kunde inte slutföras"},
		{name: "no word of verification", claims: map[string]any{"email_verified": nil}, says: "kunde inte slutföras"},
		{name: "somebody unknown", claims: map[string]any{"email": "nobody@example.org"}, says: "finns inte i tjänsten"},
		{name: "a token for another service", claims: map[string]any{"aud": "other"}, says: "kunde inte slutföras"},
		{name: "a token of another issuer", claims: map[string]any{"iss": "https://evil.example"}, says: "kunde inte slutföras"},
		{name: "an old token", claims: map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}, says: "kunde inte slutföras"},
		{name: "a token of another sign-in", claims: map[string]any{"nonce": "other"}, says: "kunde inte slutföras"},
		{name: "another state", change: func(q url.Values) { q.Set("state", "other") }, says: "kunde inte slutföras"},
		{name: "another code", change: func(q url.Values) { q.Set("code", "bad") }, says: "kunde inte slutföras"},
		{name: "refused there", change: func(q url.Values) { q.Set("error", "access_denied") }, says: "kunde inte slutföras"},
		{name: "another browser", bare: true, says: "kunde inte slutföras"},
	} {
		p.claims = tt.claims
		w := do("/sign-in/municipality?next=/applications")
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), p.url+"/authorize") {
			t.Fatalf("%s: %d %s", tt.name, w.Code, w.Header().Get("Location"))
		}
		asked := to.Query()
		if asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != "http://fund.test/sign-in/callback" {
			t.Fatalf("asked %v", asked)
		}
		p.challenge, p.nonce = asked.Get("code_challenge"), asked.Get("nonce")
		back := url.Values{"state": {asked.Get("state")}, "code": {"good"}}
		if tt.change != nil {
			tt.change(back)
		}
		var carried []*http.Cookie
		if !tt.bare {
			carried = append(carried, cookie(w, oidcCookie))
		}
		got := do("/sign-in/callback?"+back.Encode(), carried...)
		session := cookie(got, sessionCookie)
		if tt.ok != (session != nil) {
			t.Errorf("%s: signed in %v: %d %s", tt.name, session != nil, got.Code, pageText(t, got.Body.String()))
			continue
		}
		if !tt.ok {
			v.says(pageText(t, got.Body.String()), tt.says)
			continue
		}
		if got.Header().Get("Location") != "/applications" {
			t.Errorf("%s: led to %s", tt.name, got.Header().Get("Location"))
		}
		if by, err := v.store.ActorBySession(t.Context(), session.Value); err != nil || by.Email != "teacher@example.org" {
			t.Errorf("%s: signed in as %v, %v", tt.name, by.Email, err)
		}
	}
}

// TestSilentProviderIsGivenUp: a provider that takes the question and never answers holds nobody for ever,
// and who asks meanwhile doesn't wait for the others.
func TestSilentProviderIsGivenUp(t *testing.T) {
	t.Parallel()
	asked, done := make(chan struct{}, 2), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-done
	}))
	t.Cleanup(func() { close(done); srv.Close() })
	o := &oidcClient{settings: OIDC{Issuer: srv.URL, ClientID: "fund"}, http: &http.Client{Timeout: 500 * time.Millisecond}}
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, _, err := o.find(t.Context())
			errs <- err
		}()
	}
	<-asked
	<-asked // the second asks while the first still waits
	for range 2 {
		if err := <-errs; err == nil {
			t.Error("a silent provider was found")
		}
	}
}
