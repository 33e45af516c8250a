package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is the mail server, as smtp://user:password@host:port, or smtps:// where
// encryption begins at once. Without a port it is 587, and 465 for smtps.
//
// Over smtp the connection must turn to encryption (STARTTLS) before anything
// is said, but on this machine's own addresses, where it may. The end ?tls=none
// says that a server inside a closed network has no encryption, ?tls=required
// that even one on this machine must.
type SMTP struct {
	URL     string
	Timeout time.Duration // for the whole conversation; 30 seconds when 0

	trust *x509.CertPool // instead of the system's authorities, in tests
}

// server is what the address means.
type server struct {
	host           string
	port           int
	user, password string
	implicit       bool // encryption from the first byte
	policy         gomail.TLSPolicy
	local          bool
}

// Check tells whether the address can be understood, for the start of the
// program. The error never shows the password.
func (s SMTP) Check() error {
	_, err := s.parse()
	return err
}

func (s SMTP) parse() (server, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return server{}, errors.New("mail server: wanted smtp://user:password@host:port") // err would show the password
	}
	to := server{host: u.Hostname(), port: 587, policy: gomail.TLSMandatory}
	switch u.Scheme {
	case "smtp":
	case "smtps":
		to.implicit, to.port = true, 465
	default:
		return server{}, fmt.Errorf("mail server: scheme %q is neither smtp nor smtps", u.Scheme)
	}
	if to.host == "" || u.Path != "" && u.Path != "/" {
		return server{}, fmt.Errorf("mail server %s: wanted a host and nothing after it", u.Redacted())
	}
	if p := u.Port(); p != "" {
		if to.port, err = strconv.Atoi(p); err != nil || to.port < 1 || to.port > 65535 {
			return server{}, fmt.Errorf("mail server %s: port %q", u.Redacted(), p)
		}
	}
	to.user = u.User.Username()
	to.password, _ = u.User.Password()
	to.local = to.host == "localhost" || net.ParseIP(to.host).IsLoopback()
	switch tls := u.Query().Get("tls"); {
	case tls == "none":
		to.policy = gomail.NoTLS
	case tls == "required":
	case tls != "":
		return server{}, fmt.Errorf("mail server %s: tls is none or required, not %q", u.Redacted(), tls)
	case to.local:
		to.policy = gomail.TLSOpportunistic
	}
	return to, nil
}

// Send builds the message and gives it to the server. When it returns nil the
// server has taken it over. It makes one try: who calls it tries again, unless
// Permanent says that it is no use.
func Send(ctx context.Context, s SMTP, m Message) error {
	to, err := s.parse()
	if err != nil {
		return err
	}
	msg, err := build(m)
	if err != nil {
		return err
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	options := []gomail.Option{
		gomail.WithPort(to.port),
		gomail.WithTimeout(timeout),
		gomail.WithTLSPolicy(to.policy),
		gomail.WithTLSConfig(&tls.Config{ServerName: to.host, MinVersion: tls.VersionTLS12, RootCAs: s.trust}),
	}
	if to.implicit {
		options = append(options, gomail.WithSSL())
	}
	if to.user != "" {
		how := gomail.SMTPAuthAutoDiscover
		if to.local || to.policy == gomail.NoTLS {
			how = gomail.SMTPAuthPlainNoEnc // inside the machine or the closed network
		}
		options = append(options, gomail.WithSMTPAuth(how), gomail.WithUsername(to.user), gomail.WithPassword(to.password))
	}
	client, err := gomail.NewClient(to.host, options...)
	if err != nil {
		return fmt.Errorf("mail %s to %s: %w", m.ID, to.host, err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		if msg.IsDelivered() {
			return nil // the server took it and only the goodbye failed
		}
		return fmt.Errorf("mail %s to %s: %w", m.ID, to.host, err)
	}
	return nil
}

// Permanent tells whether trying again is no use: the message is malformed, or
// the server refused it for good (5xx).
func Permanent(err error) bool {
	if errors.Is(err, ErrMalformed) {
		return true
	}
	var refused *gomail.SendError
	return errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500
}
