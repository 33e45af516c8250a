package main

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"fund/sql"
)

// address is a setting that names a service, with the schemes that it may have.
type address struct {
	name, value string
	schemes     []string
	example     string
}

// checkPlaces looks at everything that says where something is. bad shows the
// value; secret does not, as the value may hold a password.
func checkPlaces(c Config, bad, secret func(name, why string)) {
	for _, x := range []struct{ name, value string }{{"FUND_ADDR", c.Addr}, {"FUND_METRICS_ADDR", c.MetricsAddr}, {"CLAMD_ADDR", c.Clamd}} {
		if x.value != "" && !hostPort(x.value) {
			bad(x.name, "wanted host:port, the port a number up to 65535")
		}
	}
	for _, x := range []address{
		{"DATABASE_URL", c.Database, []string{"postgres", "postgresql"}, "postgres://user:password@host:5432/fund"},
		{"REDIS_URL", c.Redis, []string{"redis", "rediss"}, "redis://host:6379/0"},
		{"FUND_BASE_URL", c.BaseURL, []string{"https", "http"}, "https://fonden.example.org"},
		{"OIDC_ISSUER", c.OIDC.Issuer, []string{"https", "http"}, "https://login.example.org"},
	} {
		u, err := url.Parse(x.value)
		socket := err == nil && slices.Contains(x.schemes, "postgres") && strings.HasPrefix(u.Query().Get("host"), "/")
		wrong := err != nil || !slices.Contains(x.schemes, u.Scheme) || u.Host == "" && !socket
		if x.name == "REDIS_URL" && !wrong { // the number of its database
			_, err = redis.ParseURL(x.value)
			wrong = err != nil
		}
		if x.name == "FUND_BASE_URL" && !wrong { // pages lead to each other from the root of their host
			wrong = strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != ""
		}
		if x.value != "" && wrong {
			secret(x.name, "is no address like "+x.example)
		}
	}
	for _, p := range c.Proxies {
		if _, err := netip.ParsePrefix(p); err != nil && net.ParseIP(p) == nil {
			bad("FUND_TRUSTED_PROXIES", "wanted addresses or networks like 10.0.0.7 or 172.16.0.0/12, with commas between")
			break
		}
	}
	if a, err := mail.ParseAddress(c.MailFrom); err != nil || a.Address != c.MailFrom {
		bad("FUND_MAIL_FROM", "wanted a plain address like internationella.fonden@example.org")
	}
}

func hostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, wrong := strconv.ParseUint(port, 10, 16)
	return err == nil && wrong == nil && n <= 65535
}

// doubts are settings that are possible but hardly meant in production; they are told when it starts.
func (c Config) doubts(mode string) (list []string) {
	if mode != sql.Production {
		return nil
	}
	switch {
	case c.BaseURL == "":
		list = append(list, "FUND_BASE_URL is not set: links in mails lead to this machine alone")
	case strings.HasPrefix(c.BaseURL, "http://"):
		list = append(list, "FUND_BASE_URL is not https: cookies are sent unprotected")
	}
	switch {
	case c.SMTP == "":
		list = append(list, "SMTP_URL is not set: mails wait, and nobody can sign in by a mailed link")
	case strings.HasSuffix(c.MailFrom, "@example.org"):
		list = append(list, "FUND_MAIL_FROM is not set: mail servers refuse a sender at example.org")
	}
	return list
}
