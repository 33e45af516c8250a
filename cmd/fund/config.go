package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// Config is what the environment says, read once. An empty variable counts as unset.
type Config struct {
	Addr        string        // FUND_ADDR
	MetricsAddr string        // FUND_METRICS_ADDR
	Data        string        // FUND_DATA
	Mode        string        // FUND_MODE; empty: the command's default
	Now         time.Time     // FUND_NOW
	Seed        string        // FUND_SEED
	Skew        time.Duration // FUND_CLOCK_SKEW
	BaseURL     string        // FUND_BASE_URL
	Proxies     []string      // FUND_TRUSTED_PROXIES
	MailFrom    string        // FUND_MAIL_FROM
	Home        lang.Home     // FUND_MUNICIPALITY and the three that belong to it
	Database    string        // DATABASE_URL
	Redis       string        // REDIS_URL
	SMTP        string        // SMTP_URL
	Clamd       string        // CLAMD_ADDR
	OIDC        struct{ Issuer, ClientID, ClientSecret string }
	PGBin       string // PG_BIN
}

// Setting is one environment variable, for the README's table and for the check of unknown names.
type Setting struct{ Name, Default, Meaning string }

// Settings lists every variable that the program reads.
var Settings = []Setting{
	{"FUND_ADDR", "127.0.0.1:8080", "where pages and API are served; port 0 takes a free one"},
	{"FUND_METRICS_ADDR", "", "serves /metrics there instead of at FUND_ADDR"},
	{"FUND_DATA", "./var", "folder of everything that `up` keeps"},
	{"FUND_MODE", "rehearsal for `up`, else production", "rehearsal or production; a database belongs to one of them for ever"},
	{"FUND_NOW", "see FUND_SEED", "first instant of a new rehearsal's clock (RFC 3339)"},
	{"FUND_SEED", "full", "what a new rehearsal holds: full (rounds and applications) or empty (schools, people, rules)"},
	{"FUND_CLOCK_SKEW", "0s", "makes this process's clock wrong (rehearsal only, for tests)"},
	{"FUND_BASE_URL", "http:// and FUND_ADDR", "address under which the public reaches the service"},
	{"FUND_TRUSTED_PROXIES", "", "addresses or networks of the proxies before it, with commas: their X-Forwarded-For is believed"},
	{"FUND_MAIL_FROM", "internationella.fonden@example.org", "sender of mails, and the address that pages and letters give for questions"},
	{"FUND_MUNICIPALITY", "Skellefteå kommun", "whose fund it is, in Swedish; given with the three below or not at all"},
	{"FUND_MUNICIPALITY_EN", "Skellefteå Municipality", "the same in English"},
	{"FUND_TOWN", "Skellefteå", "the municipality's name alone, as in \"schools in Skellefteå\""},
	{"FUND_STRATEGY", "Skellefteå 2030", "the development strategy that grants are measured against"},
	{"DATABASE_URL", "private PostgreSQL under FUND_DATA for `up`", "PostgreSQL 15 or later"},
	{"REDIS_URL", "in-process Redis for `up`", "Redis 6 or later"},
	{"SMTP_URL", "", "mail server: smtp://user:password@host:587, smtps://…"},
	{"CLAMD_ADDR", "", "virus scanner: host:port of clamd; without it files are marked as not scanned"},
	{"OIDC_ISSUER", "", "OpenID Connect of the municipality, with the two below"},
	{"OIDC_CLIENT_ID", "", "client id there"},
	{"OIDC_CLIENT_SECRET", "", "client secret there"},
	{"PG_BIN", "PATH, then the usual places", "folder of initdb and postgres for `up`"},
}

// First instants of a rehearsal's clock (contract.md §2).
var firstNow = map[string]string{"full": "2026-10-20T09:00:00+02:00", "empty": "2026-01-10T09:00:00+01:00"}

// readConfig reads the environment and tells everything that is wrong with it at once.
func readConfig(environ []string) (Config, error) {
	c := Config{Addr: "127.0.0.1:8080", Data: "./var", Seed: "full", MailFrom: "internationella.fonden@example.org", Home: lang.Skelleftea}
	env := map[string]string{}
	var wrong []error
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "FUND_") && !strings.HasPrefix(name, "FUND_TEST_") &&
			!slices.ContainsFunc(Settings, func(s Setting) bool { return s.Name == name }) {
			wrong = append(wrong, fmt.Errorf("%s is no setting of this program (fund help lists them)", name))
		}
		if value != "" {
			env[name] = value
		}
	}
	text := func(name string, to *string) {
		if v, ok := env[name]; ok {
			*to = v
		}
	}
	text("FUND_ADDR", &c.Addr)
	text("FUND_METRICS_ADDR", &c.MetricsAddr)
	text("FUND_DATA", &c.Data)
	text("FUND_MODE", &c.Mode)
	text("FUND_SEED", &c.Seed)
	text("FUND_BASE_URL", &c.BaseURL)
	text("FUND_MAIL_FROM", &c.MailFrom)
	text("DATABASE_URL", &c.Database)
	text("REDIS_URL", &c.Redis)
	text("SMTP_URL", &c.SMTP)
	text("CLAMD_ADDR", &c.Clamd)
	text("OIDC_ISSUER", &c.OIDC.Issuer)
	text("OIDC_CLIENT_ID", &c.OIDC.ClientID)
	text("OIDC_CLIENT_SECRET", &c.OIDC.ClientSecret)
	text("PG_BIN", &c.PGBin)
	wrong = append(wrong, c.readHome(text))
	bad := func(name, why string) {
		wrong = append(wrong, fmt.Errorf("%s=%q: %s", name, env[name], why))
	}
	if c.Mode != "" && c.Mode != sql.Production && c.Mode != sql.RehearsalM {
		bad("FUND_MODE", "wanted rehearsal or production")
	}
	first, ok := firstNow[c.Seed]
	if !ok {
		bad("FUND_SEED", "wanted full or empty")
	}
	if text("FUND_NOW", &first); first != "" {
		now, err := time.Parse(time.RFC3339, first)
		if err != nil {
			bad("FUND_NOW", "wanted an instant like 2026-10-20T09:00:00+02:00")
		}
		c.Now = now.In(workflow.Stockholm())
	}
	if v, ok := env["FUND_CLOCK_SKEW"]; ok {
		d, err := time.ParseDuration(v)
		if err != nil {
			bad("FUND_CLOCK_SKEW", "wanted a duration like -90s")
		}
		c.Skew = d
	}
	c.Proxies = strings.FieldsFunc(env["FUND_TRUSTED_PROXIES"], func(r rune) bool { return r == ',' || r == ' ' })
	checkPlaces(c, bad, func(name, why string) { wrong = append(wrong, fmt.Errorf("%s %s", name, why)) })
	if c.SMTP != "" {
		if err := (mail.SMTP{URL: c.SMTP}).Check(); err != nil {
			wrong = append(wrong, fmt.Errorf("SMTP_URL: %w", err))
		}
	}
	if given := (c.OIDC.Issuer != "") != (c.OIDC.ClientID != ""); given {
		wrong = append(wrong, errors.New("OIDC_ISSUER and OIDC_CLIENT_ID are given together or not at all"))
	}
	return c, errors.Join(wrong...)
}

// readHome reads whose fund it is. Half of it would make words that speak of two municipalities.
func (c *Config) readHome(text func(name string, to *string)) error {
	var h lang.Home
	text("FUND_MUNICIPALITY", &h.Municipality)
	text("FUND_MUNICIPALITY_EN", &h.English)
	text("FUND_TOWN", &h.Town)
	text("FUND_STRATEGY", &h.Strategy)
	if h == (lang.Home{}) {
		return nil
	}
	c.Home = h
	if slices.Contains([]string{h.Municipality, h.English, h.Town, h.Strategy}, "") {
		return errors.New("FUND_MUNICIPALITY, FUND_MUNICIPALITY_EN, FUND_TOWN and FUND_STRATEGY are given together or not at all")
	}
	return nil
}

// mode is the chosen mode, or the command's default.
func (c Config) mode(other string) string {
	if c.Mode != "" {
		return c.Mode
	}
	return other
}
