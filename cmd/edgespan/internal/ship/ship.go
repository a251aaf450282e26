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
	Files  []string // to be read; inputs.Stdin is the Pipe
	Pipe   io.Reader
	Follow bool // go on reading the Files as they grow, until Stop
	AtEnd  bool // begin at the end of Files that the Checkpoint does not know
	Live   bool // lines arrive while they are waited for: a batch that is not full leaves after Flush

	Checkpoint string // the file that remembers how far the Files were read; empty for none

	Traces, Logs Target
	NoLogs       bool // leave log records out
	Transport    otlphttp.Transport
	Gzip         bool
	DryRun       bool // send nothing

	Items int           // spans and log records of a batch at most
	Bytes int           // of JSON in a batch at most; a line above it is a batch of its own
	Flush time.Duration // how long what is there waits for more

	Timeout    time.Duration // of a request
	RetryFor   time.Duration // how long a request is tried again; 0 for ever
	Backoff    time.Duration // the first wait; each is twice the one before
	MaxBackoff time.Duration

	Rejects io.Writer         // gets the lines that cannot be delivered, in one Write for a batch; may be nil
	Text    func(line string) // gets the lines that are no telemetry, fit for a terminal; may be nil
	Console *Console

	Stop <-chan struct{} // when it is closed, what was read is sent, and no more is read
}

// Target is where a signal is sent to.
type Target struct {
	URL     string
	Headers []otlphttp.Header // their values may be secrets
}

// name is the address without its query, which may be a secret.
func (t *Target) name() string {
	name, _, _ := strings.Cut(t.URL, "?")
	return name
}

// hide takes the values of the headers and of the address's query out of a text.
func (t *Target) hide(text string) string {
	var values []string
	for _, h := range t.Headers {
		values = append(values, h.Value)
	}
	return otlpanswer.Hide(text, t.URL, values)
}

// ErrStopped says that Stop was closed before the end of the input.
var ErrStopped = errors.New("stopped before the end")

// Run reads and sends to the end of the input, or until ctx ends. The error says why it went no further; what a line holds, and what
// the receiver says to it, is none.
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

// tellNow tells of errors of which the end tells, where that may be far away.
func (c *Config) tellNow(errs []error) {
	if c.Live || c.Follow {
		for _, err := range errs {
			c.Console.Note(err.Error())
		}
	}
}
