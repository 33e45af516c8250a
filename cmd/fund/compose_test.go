package main

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
)

// composeProject reads compose.yaml the way docker compose does.
func composeProject(t *testing.T, env []string, profiles ...string) (*types.Project, error) {
	t.Helper()
	o, err := cli.NewProjectOptions([]string{filepath.Join("..", "..", "compose.yaml")},
		cli.WithEnv(env), cli.WithProfiles(profiles), cli.WithInterpolation(true))
	if err != nil {
		t.Fatal(err)
	}
	return o.LoadProject(t.Context())
}

func mustCompose(t *testing.T, profiles ...string) *types.Project {
	t.Helper()
	p, err := composeProject(t, []string{"POSTGRES_PASSWORD=hemligt"}, profiles...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeHasTheProductionShape(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		profiles []string
		want     []string
	}{
		{"plain", nil, []string{"migrate", "postgres", "redis", "web", "worker"}},
		{"scanner", []string{"clamav"}, []string{"clamav", "migrate", "postgres", "redis", "web", "worker"}},
		{"mail", []string{"mailpit"}, []string{"mailpit", "migrate", "postgres", "redis", "web", "worker"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := mustCompose(t, test.profiles...)
			got := slices.Sorted(maps.Keys(p.Services))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("services (-want +got):\n%s", diff)
			}
			for name, s := range p.Services {
				if name != "migrate" && (s.HealthCheck == nil || len(s.HealthCheck.Test) < 2) {
					t.Errorf("%s has no health check", name)
				}
				if s.Image == "" || strings.HasSuffix(s.Image, ":latest") || !strings.Contains(s.Image, ":") {
					t.Errorf("%s: image %q names no version", name, s.Image)
				}
				for _, port := range s.Ports {
					if port.HostIP != "127.0.0.1" {
						t.Errorf("%s: port %s is open to others than this machine", name, port.Published)
					}
				}
			}
		})
	}
}

func TestComposeRunsTheRolesOfOneProgram(t *testing.T) {
	t.Parallel()
	p := mustCompose(t)
	tests := []struct {
		role string
		// What has to be so before it starts.
		after map[string]string
	}{
		{"migrate", map[string]string{"postgres": types.ServiceConditionHealthy}},
		{"web", map[string]string{"postgres": types.ServiceConditionHealthy, "redis": types.ServiceConditionHealthy,
			"migrate": types.ServiceConditionCompletedSuccessfully}},
		{"worker", map[string]string{"postgres": types.ServiceConditionHealthy, "redis": types.ServiceConditionHealthy,
			"migrate": types.ServiceConditionCompletedSuccessfully}},
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			t.Parallel()
			s := p.Services[test.role]
			if diff := cmp.Diff(types.ShellCommand{"fund", test.role}, s.Command); diff != "" {
				t.Errorf("command (-want +got):\n%s", diff)
			}
			after := map[string]string{}
			for name, d := range s.DependsOn {
				after[name] = d.Condition
			}
			if diff := cmp.Diff(test.after, after); diff != "" {
				t.Errorf("starts after (-want +got):\n%s", diff)
			}
			if s.Build == nil || !strings.Contains(s.Build.DockerfileInline, "go build") {
				t.Error("isn't built from this checkout")
			} else if !strings.Contains(s.Build.DockerfileInline, "\nUSER fund\n") {
				t.Error("runs as root")
			}
			if !s.ReadOnly {
				t.Error("can write to its own image")
			}
			if at := s.Environment["FUND_METRICS_ADDR"]; test.role != "migrate" && (at == nil || *at == "") {
				t.Error("its numbers are served where the public can read them")
			}
		})
	}
}

func TestComposeSetsOnlyWhatTheProgramKnows(t *testing.T) {
	t.Parallel()
	p := mustCompose(t)
	for _, role := range []string{"migrate", "web", "worker"} {
		env := p.Services[role].Environment
		for name := range env {
			if !slices.ContainsFunc(Settings, func(x Setting) bool { return x.Name == name }) {
				t.Errorf("%s: setting %s is unknown", role, name)
			}
		}
		for name, want := range map[string]string{
			"DATABASE_URL": "postgres://fund:hemligt@postgres:5432/fund?sslmode=disable",
			"REDIS_URL":    "redis://redis:6379/0",
			"FUND_MODE":    "production",
		} {
			if got := env[name]; got == nil || *got != want {
				t.Errorf("%s: %s is %v, want %s", role, name, got, want)
			}
		}
	}
	if got := p.Services["postgres"].Environment["POSTGRES_PASSWORD"]; got == nil || *got != "hemligt" {
		t.Errorf("password of the server: got %v, want the one of DATABASE_URL", got)
	}
}

func TestComposeWantsAPassword(t *testing.T) {
	t.Parallel()
	_, err := composeProject(t, nil)
	if err == nil || !strings.Contains(err.Error(), "POSTGRES_PASSWORD") {
		t.Errorf("without a password: got %v, want an error that names POSTGRES_PASSWORD", err)
	}
}

// The client in the image does backups, which an older client than the server refuses.
func TestComposeClientFitsTheServer(t *testing.T) {
	t.Parallel()
	p := mustCompose(t)
	debian := regexp.MustCompile(`postgres:\d+-(\w+)`).FindStringSubmatch(p.Services["postgres"].Image)
	if debian == nil {
		t.Fatalf("image %s names no release of Debian", p.Services["postgres"].Image)
	}
	if want := "FROM debian:" + debian[1] + "-slim"; !strings.Contains(p.Services["web"].Build.DockerfileInline, want) {
		t.Errorf("the program's image is not %q", want)
	}
}
