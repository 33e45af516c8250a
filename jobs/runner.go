package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"fund/jobs/clamd"
	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow"
)

// Handler does one job inside the transaction that marks it done.
type Handler func(ctx context.Context, tx *sql.Tx, job sql.Job) error

// Options of a runner. The zero value of a field means the default in its comment.
type Options struct {
	BaseURL string        // where links in mails lead, without a slash at the end
	From    string        // sender of mails: Name <address>; only its address stands in letters
	ReplyTo string        // optional
	SMTP    mail.SMTP     // the mail server; not used in a rehearsal
	Scanner *clamd.Client // the virus scanner; nil: there is none
	Log     *slog.Logger  // nothing is logged
	Workers int           // jobs at once; 8
	Check   time.Duration // how often an idle worker looks into Redis; 20 ms
	Look    time.Duration // how often the outbox is read unasked; 1 s
	Stop    time.Duration // how long running jobs may take to end; 20 s
	Seen    func(kind string, err error)
}

// jobLimit ends a job that hangs; its row is then free for another try.
const jobLimit = 10 * time.Minute

// limitOf is how long a kind of job may take. An export of a hundred thousand payments
// takes minutes, and on a busy machine more than ten.
func limitOf(kind string) time.Duration {
	if kind == workflow.JobExportBatch {
		return time.Hour
	}
	return jobLimit
}

// queue is the one queue of the program in Redis.
const queue = "fund"

// Runner rings due jobs through Redis and does them.
type Runner struct {
	store    *sql.Store
	options  Options
	handlers map[string]Handler
	client   *asynq.Client
	inspect  *asynq.Inspector
	server   *asynq.Server
}

// NewRunner prepares a runner; nothing is done before Run. redisURL is redis://… or rediss://….
func NewRunner(store *sql.Store, redisURL string, o Options) (*Runner, error) {
	redis, err := asynq.ParseRedisURI(redisURL)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Seen == nil {
		o.Seen = func(string, error) {}
	}
	o.Workers = orElse(o.Workers, 8)
	o.Check, o.Look, o.Stop = orElse(o.Check, 20*time.Millisecond), orElse(o.Look, time.Second), orElse(o.Stop, 20*time.Second)
	r := &Runner{store: store, options: o, client: asynq.NewClient(redis), inspect: asynq.NewInspector(redis)}
	r.handlers = r.table()
	r.server = asynq.NewServer(redis, asynq.Config{Concurrency: o.Workers, TaskCheckInterval: o.Check, ShutdownTimeout: o.Stop,
		Queues: map[string]int{queue: 1}, Logger: logger{o.Log}, LogLevel: asynq.WarnLevel})
	return r, nil
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// table is every kind of job with what does it. The match is exact: a prefix
// that is a kind too must not swallow another.
func (r *Runner) table() map[string]Handler {
	return map[string]Handler{
		workflow.JobMail:              r.mail,
		workflow.JobSendMail:          r.sendMail,
		workflow.JobTakeUp:            r.takeUp,
		workflow.JobReceipt:           r.receipt,
		workflow.JobCompletionHalf:    r.completionHalf,
		workflow.JobCompletionEnd:     r.completionEnd,
		workflow.JobReviewsDone:       r.reviewsDone,
		workflow.JobDecisionLetter:    r.decisionLetter,
		workflow.JobSampleLetter:      r.sampleLetter,
		workflow.JobCorrectionLetter:  r.correctionLetter,
		workflow.JobTranslationLetter: r.translationLetter,
		workflow.JobAmendmentLetter:   r.amendmentLetter,
		workflow.JobRecoveryLetter:    r.recoveryLetter,
		workflow.JobAcceptReminder:    r.acceptReminder,
		workflow.JobAcceptEnd:         r.acceptEnd,
		workflow.JobConditionDue:      r.conditionDue,
		workflow.JobLegalForce:        r.legalForce,
		workflow.JobCheckPayable:      r.checkPayable,
		workflow.JobAdvisoryReminder:  r.advisoryReminder,
		workflow.JobTravelStart:       r.travelStart,
		workflow.JobTravelEnd:         r.travelEnd,
		workflow.JobReportReminder:    r.reportReminder,
		workflow.JobBlockSchool:       r.blockSchool,
		workflow.JobScanFile:          r.scanFile,
		workflow.JobRecheckSchool:     r.recheckSchool,
		workflow.JobProposeRecovery:   r.proposeRecovery,
		workflow.JobClaimReminder:     r.claimReminder,
		workflow.JobClaimFiles:        r.claimFiles,
		workflow.JobRoundClosed:       r.roundClosed,
		workflow.JobDraftReminder:     r.draftReminder,
		workflow.JobDeadlineMoved:     r.deadlineMoved,
		workflow.JobSubstituteBegins:  r.substituteBegins,
		workflow.JobExportBatch:       r.exportBatch,
		workflow.JobProposePayout:     r.proposePayout,
		workflow.JobSelfCheck:         r.selfCheck,
	}
}

// Work does the job of this outbox row if it is still open. The outbox keeps a
// failure and when to try again, so the error is only for whoever wants to know.
func (r *Runner) Work(ctx context.Context, id int64) error {
	kind := ""
	err := r.store.Work(ctx, id, func(ctx context.Context, tx *sql.Tx, job sql.Job) error {
		kind = job.Kind
		return r.dispatch(ctx, tx, job)
	})
	if kind != "" || err != nil {
		r.options.Seen(kind, err)
	}
	return err
}

// dispatch finds the handler. A panic is the handler's failure, to be kept with the row like any other.
func (r *Runner) dispatch(ctx context.Context, tx *sql.Tx, job sql.Job) (err error) {
	handler, ok := r.handlers[job.Kind]
	if !ok {
		return fmt.Errorf("no handler for %q: %w", job.Kind, sql.ErrGiveUp)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if slices.Contains(calendar, job.Kind) {
		if twin, err := r.twin(ctx, job); err != nil || twin {
			return err
		}
	}
	return handler(ctx, tx, job)
}

// calendar are the kinds that a case gets anew when its days are set again, so
// that days moved and moved back leave two rows for the same thing.
var calendar = []string{workflow.JobAcceptReminder, workflow.JobAcceptEnd, workflow.JobConditionDue, workflow.JobLegalForce, workflow.JobCheckPayable,
	workflow.JobAdvisoryReminder, workflow.JobReportReminder, workflow.JobBlockSchool, workflow.JobProposeRecovery, workflow.JobProposePayout}

// twin tells whether a newer open row says the same as this one; then it is left
// to that one. As each looks only at newer rows, exactly one does it, without a lock.
func (r *Runner) twin(ctx context.Context, job sql.Job) (bool, error) {
	open, err := r.store.OpenJobs(ctx, job.Application)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(open, func(x sql.Job) bool {
		return x.ID > job.ID && x.Kind == job.Kind && x.RunAt.Equal(job.RunAt) && reflect.DeepEqual(x.Data, job.Data)
	}), nil
}

// ring is what Redis hands over: the number of a row. The answer to Redis is
// always success, as it is the outbox that remembers failures.
func (r *Runner) ring(ctx context.Context, task *asynq.Task) error {
	id, err := strconv.ParseInt(string(task.Payload()), 10, 64)
	if err != nil {
		r.options.Log.Error("job", "payload", "unreadable")
		return nil
	}
	if err := r.Work(ctx, id); err != nil {
		r.options.Log.Error("job", "id", id, "error", err)
	}
	return nil
}

// Run relays and works until ctx ends, lets running jobs end, and returns.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.server.Start(asynq.HandlerFunc(r.ring)); err != nil {
		return errors.Join(fmt.Errorf("worker: %w", err), r.Close())
	}
	wake := make(chan struct{}, 1)
	var running sync.WaitGroup
	running.Go(func() { r.listen(ctx, wake) })
	running.Go(func() { r.relay(ctx, wake) })
	<-ctx.Done()
	running.Wait()
	r.server.Stop()
	r.server.Shutdown()
	return r.Close()
}

// Close ends the connections to Redis; Run does it itself.
func (r *Runner) Close() error { return errors.Join(r.client.Close(), r.inspect.Close()) }

// logger lets Asynq speak through slog.
type logger struct{ log *slog.Logger }

func (l logger) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...)) }
func (l logger) Info(args ...any)  { l.log.Info(fmt.Sprint(args...)) }
func (l logger) Warn(args ...any)  { l.log.Warn(fmt.Sprint(args...)) }
func (l logger) Error(args ...any) { l.log.Error(fmt.Sprint(args...)) }

// Fatal is for what Asynq cannot go on after; the process decides for itself.
func (l logger) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...)) }
