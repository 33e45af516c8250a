package handlers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"

	"fund/workflow"
)

// OIDC is the municipality's sign-in (OpenID Connect). Issuer empty: there is none.
type OIDC struct{ Issuer, ClientID, ClientSecret string }

// oidcCookie carries what the answer must match; it lives as long as a sign-in may take.
const (
	oidcCookie = "fund_oidc"
	oidcLife   = 600 // seconds
)

// oidcTry is one sign-in on its way: state against a foreign answer, nonce
// against a token of another one, verifier (PKCE) against a stolen code.
type oidcTry struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"t"`
}

// oidcClient finds the provider when somebody first signs in, and again as long
// as it did not answer: the service starts without it.
type oidcClient struct {
	settings OIDC
	redirect string
	http     *http.Client // gives up on a provider that doesn't answer
	mu       sync.Mutex
	provider *oidc.Provider
}

// oidcWait is how long a person waits for the provider, each time that it is asked.
const oidcWait = 10 * time.Second

func (o *oidcClient) find(ctx context.Context) (oauth2.Config, *oidc.IDTokenVerifier, error) {
	o.mu.Lock()
	p := o.provider
	o.mu.Unlock()
	if p == nil { // several may ask at once: nobody waits for another one's waiting
		var err error
		if p, err = oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.http), o.settings.Issuer); err != nil {
			return oauth2.Config{}, nil, fmt.Errorf("sign-in provider %s: %w", o.settings.Issuer, err)
		}
		o.mu.Lock()
		o.provider = p
		o.mu.Unlock()
	}
	return oauth2.Config{ClientID: o.settings.ClientID, ClientSecret: o.settings.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: o.redirect,
		Scopes: []string{oidc.ScopeOpenID, "email"}}, p.Verifier(&oidc.Config{ClientID: o.settings.ClientID}), nil
}

// oidcPages are there only where a provider is set.
func (s *Server) oidcPages() []pageRoute {
	if s.OIDC.Issuer == "" {
		return nil
	}
	return []pageRoute{
		{method: http.MethodGet, path: "/sign-in/municipality", do: s.beginOIDC, open: true},
		{method: http.MethodGet, path: "/sign-in/callback", do: s.oidcCallback, open: true},
	}
}

func randomWord() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// beginOIDC leads to the provider. It is a link and no form, as a form may lead
// nowhere else (Content-Security-Policy); it keeps nothing but a cookie of its own.
func (s *Server) beginOIDC(c *gin.Context) error {
	f := newForm(c)
	f.Set("next", c.Query("next"))
	config, _, err := s.oidc.find(c.Request.Context())
	if err != nil {
		s.log.ErrorContext(c.Request.Context(), "oidc", "error", err)
		f.Fail("", "oidc.away")
		return s.drawSignIn(c, http.StatusServiceUnavailable, f, false)
	}
	try := oidcTry{State: randomWord(), Nonce: randomWord(), Verifier: oauth2.GenerateVerifier(), Next: localPath(f.Raw("next"))}
	raw, err := json.Marshal(try)
	if err != nil {
		return err
	}
	s.setOIDC(c, base64.RawURLEncoding.EncodeToString(raw), oidcLife)
	c.Redirect(http.StatusSeeOther, config.AuthCodeURL(try.State, oidc.Nonce(try.Nonce), oauth2.S256ChallengeOption(try.Verifier)))
	return nil
}

// setOIDC: Lax, as the provider leads back here from its own site.
func (s *Server) setOIDC(c *gin.Context, value string, age int) {
	http.SetCookie(
		c.Writer,
		&http.Cookie{Name: oidcCookie, Value: value, Path: "/sign-in", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()},
	)
}

// errOIDC is an answer of the provider that cannot be trusted, or names nobody whom the fund knows.
var errOIDC = errors.New("sign-in refused")

// oidcCallback takes the provider's answer. Who is meant is found by the
// verified address alone; an address that the provider has not verified is nobody's.
func (s *Server) oidcCallback(c *gin.Context) error {
	try, err := readOIDC(c)
	s.setOIDC(c, "", -1)
	var email string
	if err == nil {
		email, err = s.oidcEmail(c, try)
	}
	var person workflow.Person
	if err == nil {
		person, err = s.store.PersonByEmail(c.Request.Context(), email)
	}
	if err != nil {
		s.log.WarnContext(c.Request.Context(), "oidc", "error", err)
		f := newForm(c)
		f.Set("next", try.Next)
		if errors.Is(err, workflow.ErrNotFound) {
			f.Fail("", "oidc.unknown")
		} else {
			f.Fail("", "oidc.failed")
		}
		return s.drawSignIn(c, http.StatusForbidden, f, false)
	}
	return s.enter(c, person.ID, try.Next)
}

func readOIDC(c *gin.Context) (try oidcTry, err error) {
	raw, err := c.Cookie(oidcCookie)
	if err != nil {
		return try, fmt.Errorf("%w: no sign-in was begun in this browser", errOIDC)
	}
	b, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil || json.Unmarshal(b, &try) != nil || try.State == "" || try.Nonce == "" {
		return try, fmt.Errorf("%w: the cookie is broken", errOIDC)
	}
	if subtle.ConstantTimeCompare([]byte(c.Query("state")), []byte(try.State)) != 1 {
		return try, fmt.Errorf("%w: another state", errOIDC)
	}
	if e := c.Query("error"); e != "" {
		return try, fmt.Errorf("%w: the provider says %q", errOIDC, e)
	}
	return try, nil
}

// oidcEmail changes the code for a token, checks it, and reads the verified address.
func (s *Server) oidcEmail(c *gin.Context, try oidcTry) (string, error) {
	ctx := oidc.ClientContext(c.Request.Context(), s.oidc.http)
	config, verifier, err := s.oidc.find(ctx)
	if err != nil {
		return "", err
	}
	token, err := config.Exchange(ctx, c.Query("code"), oauth2.VerifierOption(try.Verifier))
	if err != nil {
		return "", fmt.Errorf("%w: code: %w", errOIDC, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", fmt.Errorf("%w: no id token", errOIDC)
	}
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: id token: %w", errOIDC, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(try.Nonce)) != 1 {
		return "", fmt.Errorf("%w: another nonce", errOIDC)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return "", fmt.Errorf("%w: claims: %w", errOIDC, err)
	}
	if !claims.Verified || claims.Email == "" {
		return "", fmt.Errorf("%w: the address is not verified", errOIDC)
	}
	return strings.ToLower(claims.Email), nil
}
