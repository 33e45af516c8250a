package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow/lang"
)

// TestSettingsAreThoseOfTheReadme: one table for people, one for the program, and nothing is in one alone.
func TestSettingsAreThoseOfTheReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[A-Z_`, ]+`) \\|").FindAllStringSubmatch(string(text), -1) {
		for name := range strings.SplitSeq(row[1], ",") {
			told = append(told, strings.Trim(name, " `"))
		}
	}
	var read []string
	for _, x := range Settings {
		read = append(read, x.Name)
	}
	if slices.Sort(told); !slices.Equal(told, slices.Sorted(slices.Values(read))) {
		t.Errorf("the README tells of %v, the program knows %v", told, read)
	}
	var out bytes.Buffer
	if err := printConfig(t.Context(), Config{}, nil, &out); err != nil {
		t.Fatal(err)
	}
	var shown map[string]any
	if err := json.Unmarshal(out.Bytes(), &shown); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(shown)); !slices.Equal(got, told) {
		t.Errorf("fund config shows %v, not %v", got, told)
	}
}

// TestMalformedSettingsAreNamed: the sentence says which one and why, and holds no password.
func TestMalformedSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"FUND_WHATEVER=1", "FUND_ADDR=8080", "FUND_ADDR=127.0.0.1:99999", "FUND_METRICS_ADDR=:http-alt", "FUND_NOW=yesterday", "FUND_NOW=2026-10-20", "FUND_SEED=half",
		"FUND_CLOCK_SKEW=1", "FUND_MODE=prod", "FUND_BASE_URL=fonden.example.org", "FUND_BASE_URL=ftp://fonden.example.org", "FUND_BASE_URL=https://example.org/fonden", "FUND_BASE_URL=https://example.org?x", "FUND_TRUSTED_PROXIES=10.0.0.0/33", "FUND_TRUSTED_PROXIES=proxy", "FUND_MAIL_FROM=fonden", "FUND_TOWN=Umeå", "FUND_MUNICIPALITY=Umeå kommun",
		"FUND_MAIL_FROM=Fonden <fonden@example.org>", "FUND_MAIL_FROM=fonden@example.org\r\nBcc: x@example.org", "DATABASE_URL=mysql://u:hemligt@db/fund", "DATABASE_URL=postgres//u:hemligt@db", "DATABASE_URL=postgres://u:hemligt@db:5432x/fund",
		"REDIS_URL=localhost:6379", "REDIS_URL=redis://:hemligt@redis:6379/first", "REDIS_URL=redis://:hem%ligt@redis", "REDIS_URL=http://:hemligt@redis", "CLAMD_ADDR=clamav", "SMTP_URL=mail.example.org:25", "SMTP_URL=http://u:hemligt@mail", "OIDC_ISSUER=login.example.org"} {
		name, _, _ := strings.Cut(line, "=")
		_, err := readConfig([]string{line})
		if err == nil {
			t.Errorf("%s is taken", line)
			continue
		}
		if told := err.Error(); !strings.Contains(told, name) || strings.Contains(told, "hemligt") {
			t.Errorf("%s is refused with %q", line, told)
		}
	}
	if _, err := readConfig([]string{"FUND_SEED=half", "FUND_NOW=yesterday"}); err == nil || !strings.Contains(err.Error(), "FUND_SEED") || !strings.Contains(err.Error(), "FUND_NOW") {
		t.Errorf("two faults are refused with %v", err)
	}
	good := []string{"FUND_ADDR=:0", "FUND_MODE=rehearsal", "FUND_NOW=2026-01-10T09:00:00+01:00", "FUND_SEED=empty", "FUND_CLOCK_SKEW=-90s", "FUND_BASE_URL=https://fonden.example.org", "FUND_TRUSTED_PROXIES=10.0.0.7, 172.16.0.0/12,::1",
		"FUND_MUNICIPALITY=Umeå kommun", "FUND_MUNICIPALITY_EN=Umeå Municipality", "FUND_TOWN=Umeå", "FUND_STRATEGY=Umeå 2040",
		"FUND_MAIL_FROM=fonden@skelleftea.se", "DATABASE_URL=postgresql:///fund?host=/run/postgresql", "REDIS_URL=rediss://:hemligt@redis:6380/1", "SMTP_URL=smtps://u:p@mail.example.org", "FUND_TEST_STRICT=1"}
	c, err := readConfig(good)
	if err != nil {
		t.Fatal(err)
	}
	if c.Skew != -90*time.Second || len(c.Proxies) != 3 || c.Home != (lang.Home{Municipality: "Umeå kommun", English: "Umeå Municipality", Town: "Umeå", Strategy: "Umeå 2040"}) {
		t.Errorf("read %+v", c)
	}
}

// TestSecretsAreNotShown: fund config may be pasted into a letter for help.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	c, err := readConfig([]string{"DATABASE_URL=postgres://u:hemligt@db:5432/fund?sslpassword=hemligt", "REDIS_URL=redis://:hemligt@redis:6379/0", "SMTP_URL=smtp://u:hemlig@t@mail:587", "OIDC_ISSUER=https://login.example.org", "OIDC_CLIENT_ID=fund", "OIDC_CLIENT_SECRET=hemligt"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printConfig(t.Context(), c, nil, &out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "hemlig") || !strings.Contains(out.String(), "…@db:5432/fund") {
		t.Errorf("shown: %s", out.String())
	}
}

// TestDoubtfulSettingsAreTold when production starts; a rehearsal needs none of them.
func TestDoubtfulSettingsAreTold(t *testing.T) {
	t.Parallel()
	bare, err := readConfig(nil)
	if err != nil {
		t.Fatal(err)
	}
	if list := bare.doubts(sql.RehearsalM); len(list) != 0 {
		t.Errorf("a rehearsal is told %v", list)
	}
	if list := strings.Join(bare.doubts(sql.Production), "\n"); !strings.Contains(list, "FUND_BASE_URL") || !strings.Contains(list, "SMTP_URL") {
		t.Errorf("a bare production is told %q", list)
	}
	whole, err := readConfig([]string{"FUND_BASE_URL=https://fonden.skelleftea.se", "SMTP_URL=smtp://mail:25", "FUND_MAIL_FROM=fonden@skelleftea.se"})
	if err != nil {
		t.Fatal(err)
	}
	if list := whole.doubts(sql.Production); len(list) != 0 {
		t.Errorf("a whole production is told %v", list)
	}
}
