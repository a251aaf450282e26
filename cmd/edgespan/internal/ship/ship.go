package ship

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/edgespan/edgespan/internal/otlpanswer"
	"github.com/edgespan/edgespan/otlphttp"
)

// Config says what to send, and where.
type Config struct {
	Files  []string // the files to read; inputs.Stdin is the Pipe
	Pipe   io.Reader
	Follow bool // keep reading the Files as they grow, until Stop
	AtEnd  bool // start at the end of Files that the Checkpoint does not know
	Live   bool // lines arrive over time: a batch that is not full is sent after Flush

	Checkpoint string // the file that remembers how far the Files were read; empty for none

	Traces, Logs Target
	NoLogs       bool // do not send log records
	Transport    otlphttp.Transport
	Gzip         bool
	DryRun       bool // send nothing

	Items int           // the most spans and log records in a batch
	Bytes int           // the most JSON in a batch; a longer line is a batch of its own
	Flush time.Duration // how long a batch of a live input waits for more lines

	Timeout    time.Duration // of a request
	RetryFor   time.Duration // how long a request is retried; 0 means without limit
	Backoff    time.Duration // the first wait; each is twice the one before
	MaxBackoff time.Duration

	Rejects io.Writer         // gets the lines that cannot be delivered, one Write per batch; may be nil
	Text    func(line string) // gets the lines that are not telemetry, safe to print on a terminal; may be nil
	Console *Console

	Stop <-chan struct{} // when it is closed, what was read is sent, and nothing more is read
}

// Target is where the items of one signal are sent.
type Target struct {
	URL     string
	Headers []otlphttp.Header // may contain secrets
}

// name is the address without its query, which may contain a secret.
func (t *Target) name() string {
	name, _, _ := strings.Cut(t.URL, "?")
	return name
}

// hide removes the values of the headers and of the address's query from a text.
func (t *Target) hide(text string) string {
	var values []string
	for _, h := range t.Headers {
		values = append(values, h.Value)
	}
	return otlpanswer.Hide(text, t.URL, values)
}

// ErrStopped means that Stop was closed before the end of the input.
var ErrStopped = errors.New("stopped before the end")

// Run reads and sends the input until its end, or until ctx ends. An error says why it stopped early. The content of lines, and the
// receiver's answers to it, are not errors.
func Run(ctx context.Context, cfg Config) (Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var sum Summary
	book, err := openCheckpoint(cfg.Checkpoint, cfg.DryRun)
	if err != nil {
		return sum, err
	}
	defer book.close()
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	stopped := make(chan struct{})
	go func() {
		select {
		case <-cfg.Stop:
			close(stopped)
			stopReading()
		case <-ctx.Done():
		}
	}()
	all, errs := plan(reading, &cfg, book)
	if len(all) == 0 {
		return sum, errors.Join(errs...)
	}
	cfg.tellNow(errs)
	limit := new(atomic.Int64)
	limit.Store(int64(cfg.Bytes))
	progress := newProgress(&cfg, all)
	defer progress.end()
	items := read(reading, &cfg, all)
	whole := false
	batches := collect(ctx, reading, &cfg, items, limit, &whole)
	s := newSender(&cfg, &sum, limit, progress, stopped)
	for b := range batches {
		before := sum.settled()
		sum.Counts.add(&b.counts)
		err := s.send(ctx, b)
		if err != nil {
			sum.Unsent = b.items() - (sum.settled() - before)
			if cfg.Checkpoint != "" && !b.streamed {
				b.rejects = nil // the next run reads these lines again
			}
		}
		if err = errors.Join(err, cfg.writeRejects(b)); err != nil {
			return sum, errors.Join(append(errs, err)...)
		}
		progress.settled(b)
		errs = append(errs, b.errs...)
		cfg.tellNow(b.errs)
		if err := book.move(b.positions); err != nil {
			return sum, errors.Join(append(errs, err)...)
		}
	}
	if !whole && !cfg.Follow {
		errs = append(errs, ErrStopped)
	}
	return sum, errors.Join(errs...)
}

// tellNow reports errors at once if the end of the run, which reports them too, may be far away.
func (c *Config) tellNow(errs []error) {
	if c.Live || c.Follow {
		for _, err := range errs {
			c.Console.Note(err.Error())
		}
	}
}
