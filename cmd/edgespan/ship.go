package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/ship"
)

// shipCommand is 'edgespan ship'.
type shipCommand struct {
	Files []string `arg:"" optional:"" default:"-" name:"file" help:"Files to read; - or none is standard input."`

	Endpoint       string   `short:"o" placeholder:"URL" help:"The receiver, as http://host:4318; /v1/traces and /v1/logs are added (http://localhost:4318)."`
	TracesEndpoint string   `placeholder:"URL" help:"The whole address for spans, where that is another."`
	LogsEndpoint   string   `placeholder:"URL" help:"The whole address for log records, where that is another."`
	Header         []string `short:"H" sep:"none" placeholder:"K=V" help:"A header of each request; may be repeated. Others can see a command line: better in the environment."`
	NoLogs         bool     `help:"Do not send log records; they are counted as skipped."`

	Checkpoint string `short:"c" placeholder:"FILE" help:"Remember in FILE how far the files were read, and go on from there."`
	Follow     bool   `short:"f" help:"Keep reading the files as they grow and are rotated, until Ctrl-C."`
	StartAt    string `default:"beginning" enum:"beginning,end" placeholder:"WHERE" help:"Where to begin in files that the checkpoint does not know: beginning or end (${default})."`

	BatchItems int           `default:"5000" placeholder:"N" help:"Spans and log records of a request at most (${default})."`
	BatchBytes byteSize      `default:"1MB" placeholder:"SIZE" help:"JSON of a request at most, before compression (${default}); a longer line is a request of its own."`
	Flush      time.Duration `default:"1s" placeholder:"TIME" help:"How long what a live input has brought waits for more (${default})."`

	Timeout     time.Duration `placeholder:"TIME" help:"How long to wait for an answer (10s)."`
	RetryFor    time.Duration `default:"5m" placeholder:"TIME" help:"How long to try again where that may help (${default}); 0 for ever."`
	Compression string        `placeholder:"HOW" help:"gzip or none (gzip)."`
	Ca          string        `placeholder:"FILE" help:"Certificates that vouch for the receiver, instead of the system's."`
	Cert        string        `placeholder:"FILE" help:"A client certificate; needs --key."`
	Key         string        `placeholder:"FILE" help:"Its key."`

	Rejects string `placeholder:"FILE" help:"Append the lines that can not be delivered to FILE, as they stand; of an array, its objects that can not. Spans that a receiver rejects out of a request are counted alone, as it does not say which they are."`
	DryRun  bool   `short:"n" help:"Read, count and send nothing; the checkpoint stays as it is."`
	Text    string `default:"auto" enum:"auto,show,hide" placeholder:"WHEN" help:"Lines that are no telemetry go to stderr: show, hide, or auto, which shows those of a pipe (${default})."`
	Json    bool   `help:"Write the summary as JSON."`
	Quiet   bool   `short:"q" help:"No progress and no summary."`
}

// Help is the long text of 'edgespan ship --help'.
func (shipCommand) Help() string {
	return `Sends the spans and log records in lines to a receiver of OTLP over HTTP: the Collector, Jaeger, a vendor. It reads what
'edgespan view' reads: the output of 'edgespan serve', Viceroy, 'fastly compute serve' and 'fastly log-tail', OTLP/JSON lines,
the Collector's file exporter, compact lines, Honeycomb's events, and log records that name a trace; compressed with gzip, zstd or not.

  edgespan ship traces.jsonl
  edgespan serve | edgespan ship
  edgespan ship --follow --checkpoint ship.state /var/log/spans.jsonl
  OTEL_EXPORTER_OTLP_HEADERS=api-key=... edgespan ship -o https://otlp.example.com traces.jsonl.gz

A request is tried again after 429, 502, 503 and 504 and where there is no answer, with growing pauses or after Retry-After.
One that is refused for what is in it is halved until the lines are found that it is for. With --checkpoint, a run goes on where
the one before stopped or was killed, also in a file that was rotated meanwhile; at most one batch arrives twice.
What a receiver rejects out of a request that it takes (partial success) is told with its number and message, and is lost.

The environment counts where a flag does not say otherwise: OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION,
_CERTIFICATE, _CLIENT_CERTIFICATE, _CLIENT_KEY, and for spans and log records apart OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
_TRACES_HEADERS, _LOGS_ENDPOINT and _LOGS_HEADERS.

It exits with 0 if all was delivered, 1 if it stopped before the end (run it again: a checkpoint stands where it stopped) or the
summary can not be written, 2 if the command line can not be meant, 3 if it came to the end and some lines were broken, rejected or
refused, or a file held no telemetry.`
}

// Exit codes, as the help has them.
const (
	exitUsage      = 2
	exitIncomplete = 3
)

// exitError is an error with an exit code of its own.
type exitError struct {
	error
	code int
}

func (e exitError) ExitCode() int { return e.code }

func usage(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// check refuses what can not be meant.
func (s *shipCommand) check() error {
	switch {
	case onlyStdin(s.Files) && (s.Checkpoint != "" || s.Follow || s.StartAt == "end"):
		return usage("--checkpoint, --follow and --start-at are about files: name one")
	case s.BatchItems < 1 || s.BatchBytes < 1:
		return usage("--batch-items and --batch-bytes have to be above 0")
	case s.Flush <= 0 || s.Timeout < 0 || s.RetryFor < 0:
		return usage("--flush, --timeout and --retry-for are times, as in 10s")
	case s.Json && s.Quiet:
		return usage("--json and --quiet do not go together")
	case (s.Cert == "") != (s.Key == ""):
		return usage("--cert and --key go together")
	case s.Checkpoint != "" && inputs.Among(s.Files, s.Checkpoint):
		return usage("--checkpoint %s is a file that is to be read", s.Checkpoint)
	case s.Rejects != "" && inputs.Among(append(slices.Clip(s.Files), s.Checkpoint), s.Rejects):
		return usage("--rejects %s is a file that is to be read, or the checkpoint", s.Rejects)
	}
	return checkFiles(s.Files, "edgespan serve | edgespan ship")
}

// Run sends the inputs to their end.
func (s *shipCommand) Run() error {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	if s.Rejects != "" && !s.DryRun {
		f, err := os.OpenFile(s.Rejects, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		cfg.Rejects = f
	}
	ctx, stop, release := shipInterrupts(onlyStdin(s.Files))
	defer release()
	cfg.Stop = stop
	sum, err := ship.Run(ctx, cfg)
	var unsaid error
	switch {
	case s.Json:
		sum.Messages = append([]string{}, sum.Messages...) // a list also where there are none
		unsaid = json.NewEncoder(os.Stdout).Encode(&sum)
	case !s.Quiet && (err == nil || sum.Lines+sum.Requests > 0): // where it did nothing, why is enough
		_, unsaid = os.Stdout.WriteString(sum.Text(s.DryRun))
	}
	err = errors.Join(err, unsaid)
	if err == nil && !sum.Complete() {
		could := "could"
		if s.DryRun {
			could = "can"
		}
		return exitError{errors.New("not all " + could + " be delivered"), exitIncomplete}
	}
	return err
}

// config puts flags, environment and inputs together.
func (s *shipCommand) config() (ship.Config, error) {
	var cfg ship.Config
	env, err := readOTelEnv(os.Getenv)
	if err != nil {
		return cfg, err
	}
	if err := env.fill(s); err != nil {
		return cfg, err
	}
	if err := s.check(); err != nil {
		return cfg, err
	}
	cfg = ship.Config{
		Files: s.Files, Pipe: os.Stdin, Follow: s.Follow, AtEnd: s.StartAt == "end", Checkpoint: s.Checkpoint,
		NoLogs: s.NoLogs, Gzip: s.Compression != "none", DryRun: s.DryRun,
		Items: s.BatchItems, Bytes: int(s.BatchBytes), Flush: s.Flush,
		Timeout: s.Timeout, RetryFor: s.RetryFor, Backoff: time.Second, MaxBackoff: 30 * time.Second,
		Console: &ship.Console{W: os.Stderr, Terminal: isTerminal(os.Stderr) && os.Getenv("TERM") != "dumb" && !s.Quiet},
	}
	cfg.Console.Width, _, _ = term.GetSize(int(os.Stderr.Fd()))
	if cfg.Traces, cfg.Logs, err = s.targets(env); err != nil {
		return cfg, err
	}
	if cfg.Transport, err = s.transport(); err != nil {
		return cfg, err
	}
	if cfg.Live, err = isLive(s.Files); err != nil {
		return cfg, err
	}
	if env.protocol != "" && env.protocol != "http/json" {
		cfg.Console.Note("OTEL_EXPORTER_OTLP_PROTOCOL is " + env.protocol + "; this sends http/json")
	}
	if s.Text == "show" || s.Text == "auto" && cfg.Live {
		write := textWriter(os.Stderr, "auto")
		cfg.Text = func(line string) { cfg.Console.Print(func() { write(line) }) }
	}
	return cfg, nil
}

// shipInterrupts returns a channel that is closed by the first signal, and a context that ends with the second. A pipe is read on to
// its end after a first Ctrl-C, which also reaches whatever writes to it. What comes after the second ends the program, whatever it does.
func shipInterrupts(pipe bool) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	stop := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		spared := false
		for stopped := false; ; {
			switch s := <-signals; {
			case pipe && s == os.Interrupt && !spared:
				spared = true
			case !stopped:
				stopped = true
				close(stop)
			default:
				signal.Stop(signals)
				cancel()
				return
			}
		}
	}()
	return ctx, stop, cancel
}
