package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"golang.org/x/term"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/ship"
)

// shipCommand is 'edgespan ship'.
type shipCommand struct {
	Files []string `arg:"" optional:"" default:"-" name:"file" help:"The files to read; - or none is standard input."`

	Endpoint       string   `short:"o" placeholder:"URL" help:"The receiver's base URL; /v1/traces and /v1/logs are added (http://localhost:4318)."`
	TracesEndpoint string   `placeholder:"URL" help:"The full URL for spans, if it is not below --endpoint."`
	LogsEndpoint   string   `placeholder:"URL" help:"The full URL for log records, if it is not below --endpoint."`
	Header         []string `short:"H" sep:"none" placeholder:"K=V" help:"A header for each request; may be repeated. Keep secrets in OTEL_EXPORTER_OTLP_HEADERS: other users can see a command line."`
	NoLogs         bool     `help:"Do not send log records; they are counted as skipped."`

	Checkpoint string `short:"c" placeholder:"FILE" help:"Record in FILE how far the files were read, and continue from there."`
	Follow     bool   `short:"f" help:"Keep reading the files as they grow and are rotated, until Ctrl-C."`
	StartAt    string `default:"beginning" enum:"beginning,end" placeholder:"WHERE" help:"Where to start in files that the checkpoint does not know: beginning or end (${default})."`

	BatchItems int           `default:"5000" placeholder:"N" help:"The most spans and log records in a request (${default})."`
	BatchBytes byteSize      `default:"1MB" placeholder:"SIZE" help:"The most JSON in a request, before compression (${default}); a longer line is sent in a request of its own."`
	Flush      time.Duration `default:"1s" placeholder:"TIME" help:"How long to wait for more lines of a live input before a request is sent (${default})."`

	Timeout     time.Duration `placeholder:"TIME" help:"How long to wait for an answer (10s)."`
	RetryFor    time.Duration `default:"5m" placeholder:"TIME" help:"How long to retry a request that may still succeed (${default}); 0 means without limit."`
	Compression string        `placeholder:"HOW" help:"gzip or none (gzip)."`
	Ca          string        `placeholder:"FILE" help:"Certificate authorities to trust for the receiver (PEM), instead of the system's."`
	Cert        string        `placeholder:"FILE" help:"A client certificate (PEM); needs --key."`
	Key         string        `placeholder:"FILE" help:"The key of --cert (PEM)."`

	Rejects string `placeholder:"FILE" help:"Append the lines that cannot be delivered to FILE, unchanged; of an array, only the objects at fault. Spans that a receiver rejects from a request that it accepts are only counted, since it does not say which they are."`
	DryRun  bool   `short:"n" help:"Read and count, but send nothing and leave the checkpoint unchanged."`
	Text    string `default:"auto" enum:"auto,show,hide" placeholder:"WHEN" help:"Whether lines that are not telemetry go to stderr: show, hide, or auto, which shows those of a pipe (${default})."`
	Json    bool   `help:"Write the summary as JSON."`
	Quiet   bool   `short:"q" help:"No progress and no summary."`
}

// Help is the long text of 'edgespan ship --help'.
func (shipCommand) Help() string {
	return `Sends spans and log records to an OTLP/HTTP receiver: a Collector, Jaeger or a vendor. ` + inputHelp + `

  edgespan ship traces.jsonl
  edgespan serve | edgespan ship
  edgespan ship --follow --checkpoint ship.state /var/log/spans.jsonl
  OTEL_EXPORTER_OTLP_HEADERS=api-key=... edgespan ship -o https://otlp.example.com traces.jsonl.gz

A request is retried after 429, 502, 503 and 504 and when there is no answer, after growing pauses or the receiver's Retry-After. A request that
is refused for its content is split in halves until the lines at fault are found. Spans that a receiver rejects from a request that it
accepts (partial success) are lost; their number and the receiver's message are reported.

With --checkpoint, a run continues where the last one stopped or was killed, also if the file was rotated since. At most one batch arrives
twice.

Environment variables apply where no flag is given: OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE,
_CLIENT_CERTIFICATE and _CLIENT_KEY; for spans alone _TRACES_ENDPOINT and _TRACES_HEADERS; for log records alone _LOGS_ENDPOINT and
_LOGS_HEADERS.

Exit codes: 0 if everything was delivered; 1 if it stopped before the end or the summary cannot be written (with a checkpoint, run it again
to continue); 2 if the command line is wrong; 3 if it came to the end, but some lines were broken, rejected or refused, or a file had no
telemetry.`
}

// check refuses values that make no sense.
func (s *shipCommand) check() error {
	switch {
	case onlyStdin(s.Files) && (s.Checkpoint != "" || s.Follow || s.StartAt == "end"):
		return usage("--checkpoint, --follow and --start-at work on files, not on standard input: name a file")
	case s.StartAt == "end" && s.Checkpoint == "" && !s.Follow:
		return usage("--start-at=end skips what is in the files already, so there is nothing left to send: add --follow to wait for more, or --checkpoint to send what comes later")
	case s.BatchItems < 1 || s.BatchBytes < 1:
		return usage("--batch-items and --batch-bytes must be above 0")
	case s.Flush <= 0 || s.Timeout < 0 || s.RetryFor < 0:
		return usage("--flush must be above 0, and --timeout and --retry-for must not be negative, as in 10s")
	case s.Json && s.Quiet:
		return usage("--json and --quiet cannot be combined")
	case (s.Cert == "") != (s.Key == ""):
		return usage("--cert and --key need each other: give both")
	case s.Checkpoint != "" && inputs.Among(s.Files, s.Checkpoint):
		return usage("--checkpoint %s would overwrite a file that is to be read", s.Checkpoint)
	case s.Rejects != "" && inputs.Among(append(slices.Clip(s.Files), s.Checkpoint), s.Rejects):
		return usage("--rejects %s would write to a file that is to be read, or to the checkpoint", s.Rejects)
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
		f, err := openRejects(s.Rejects)
		if err != nil {
			return fmt.Errorf("--rejects: %w", err)
		}
		defer f.Close()
		cfg.Rejects = f
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := make(chan struct{})
	onInterrupts(onlyStdin(s.Files), func() { close(stop) }, cancel)
	cfg.Stop = stop
	sum, err := ship.Run(ctx, cfg)
	var unsaid error
	switch {
	case s.Json:
		sum.Messages = append([]string{}, sum.Messages...) // an empty list, not null
		unsaid = json.NewEncoder(os.Stdout).Encode(&sum)
	case !s.Quiet && (err == nil || sum.Lines+sum.Requests > 0): // if it did nothing, the error is enough
		_, unsaid = os.Stdout.WriteString(sum.Text(s.DryRun))
	}
	err = errors.Join(err, unsaid)
	if err == nil && !sum.Complete() {
		return exitError{errors.New("not everything can be delivered: " + sum.Missing()), exitIncomplete}
	}
	return err
}

// config joins flags, environment and inputs.
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
		cfg.Console.Note("OTEL_EXPORTER_OTLP_PROTOCOL is " + env.protocol + ", but ship sends only http/json")
	}
	if s.Text == "show" || s.Text == "auto" && cfg.Live {
		write := textWriter(os.Stderr, "auto")
		cfg.Text = func(line string) { cfg.Console.Print(func() { write(line) }) }
	}
	return cfg, nil
}
