// Fund is the International Fund: grants for school exchange from the
// application to the final report. One program; its commands are its roles.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"fund/workflow/lang"
)

// version of the program; the release sets it when it builds.
var version = "dev"

// command is one word after `fund`.
type command struct {
	name, args, help string
	run              func(ctx context.Context, c Config, args []string, out io.Writer) error
}

// commands are all of them, in the order of help.
var commands = []command{
	{"up", "", "everything on this machine: private PostgreSQL, in-process Redis, migrations, seed, web and worker", up},
	{"web", "", "serves pages and API against DATABASE_URL and REDIS_URL", web},
	{"worker", "", "does the jobs against DATABASE_URL and REDIS_URL", worker},
	{"migrate", "", "brings the database to this program's version", migrate},
	{"seed", "", "fills an empty installation: schemes, rules, schools; a rehearsal also gets people and, by FUND_SEED, applications", seedCommand},
	{"token", "--email ADDRESS", "prints a bearer token for that person as the last line", printToken},
	{"audit", "verify | receipt FILE | package FILE", "proves the event chain, that a receipt is one of ours, or (without a database) a case's package", audit},
	{"backup", "FILE", "writes everything into one file (pg_dump)", backup},
	{"restore", "FILE [--replace]", "reads a backup into an empty database (pg_restore); --replace throws away what a production holds", restore},
	{"export", "FILE", "writes schools, people, rules and rounds for another installation", exportSetUp},
	{"import", "FILE", "takes them over; can be run again", importSetUp},
	{
		"import-years",
		"[--apply [--changes]] FILE",
		"reads grants of earlier years (CSV or XLSX) and prints the reconciliation; --apply takes the new ones in, --changes overwrites changed ones",
		importYears,
	},
	{"admin", "--email ADDRESS --name NAME", "adds an administrator: the first person of an installation", addAdmin},
	{
		"check",
		"accounts FILE | bank FILE… | sie FILE…",
		"judges a table of account numbers, or reads the bank's answers or SIE files, without a database",
		check,
	},
	{"config", "", "prints the settings in force, without secrets", printConfig},
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	redis.SetLogger(redisLog{slog.New(logHandler())})
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run does one command and gives the exit status: 0 done, 1 failed, 2 wrongly called.
func run(args []string, out, errs io.Writer) int {
	if len(args) == 0 || isHelp(args[0]) && len(args) == 1 {
		help(out)
		return 0
	}
	if isHelp(args[0]) { // fund help web is fund web --help
		args = []string{args[1], "--help"}
	}
	i := slices.IndexFunc(commands, func(k command) bool { return k.name == args[0] })
	if i < 0 {
		fmt.Fprintf(errs, "fund: no command %q; `fund help` lists them\n", args[0])
		return 2
	}
	k, args := commands[i], args[1:]
	switch {
	case len(args) > 0 && slices.ContainsFunc(args[:1], isHelp):
		k.tell(out)
		return 0
	case k.args == "" && len(args) > 0:
		fmt.Fprintf(errs, "fund: %v, without %q\n", usageError(k.name), args[0])
		return 2
	}
	return k.do(args, out, errs)
}

// isHelp tells whether a word asks how something is called.
func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "--help"
}

// do reads the settings and does the command until it ends or is told to stop.
func (k command) do(args []string, out, errs io.Writer) int {
	c, err := readConfig(os.Environ())
	if err != nil {
		fmt.Fprintln(errs, "fund:", err)
		return 2
	}
	lang.Settle(c.Home)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := k.run(ctx, c, args, out); err != nil {
		fmt.Fprintln(errs, "fund:", err)
		var usage usageError
		if errors.As(err, &usage) {
			return 2
		}
		return 1
	}
	return 0
}

// usageError says that a command was called wrongly.
type usageError string

func (u usageError) Error() string { return "usage: fund " + string(u) }

func help(out io.Writer) {
	fmt.Fprint(out, "fund: the International Fund, from application to final report\n\nCommands:\n")
	for _, k := range commands {
		k.tell(out)
	}
	fmt.Fprint(out, "\nSettings (environment):\n")
	for _, s := range Settings {
		line := fmt.Sprintf("  %-20s %s", s.Name, s.Meaning)
		if s.Default != "" {
			line += " (" + s.Default + ")"
		}
		fmt.Fprintln(out, line)
	}
}

// tell says how the command is called and what it does; a long call has a line of its own.
func (k command) tell(out io.Writer) {
	call := strings.TrimSpace(k.name + " " + k.args)
	if len(call) > 28 {
		call += "\n" + strings.Repeat(" ", 35)
	}
	fmt.Fprintf(out, "  fund %-28s %s\n", call, k.help)
}

// newApp opens the database and makes the log.
func newApp(ctx context.Context, c Config, mode string, out io.Writer) (*App, bool, error) {
	store, fresh, err := openStore(ctx, c, mode)
	if err != nil {
		return nil, false, err
	}
	a := &App{config: c, store: store, log: slog.New(logHandler()), metrics: prometheus.NewRegistry(), out: out}
	for _, d := range c.doubts(mode) {
		a.log.Warn("setting", "doubt", d)
	}
	return a, fresh, nil
}

// logHandler writes JSON, or readable lines where a person looks on.
func logHandler() slog.Handler {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if i, err := os.Stderr.Stat(); err == nil && i.Mode()&os.ModeCharDevice != 0 {
		o.Level = slog.LevelWarn
		return slog.NewTextHandler(os.Stderr, o)
	}
	return slog.NewJSONHandler(os.Stderr, o)
}
