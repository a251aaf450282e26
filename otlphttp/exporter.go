package otlphttp

import (
	"bytes"
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Exporter is a [trace.Exporter] and a [batch.Sink]. Its methods may be called from any goroutine, and on nil.
type Exporter struct {
	config     Config
	url        string
	headers    []Header
	bad        error // why nothing can be sent with this configuration
	unreported error // returned by the next Export or Send: a part of the configuration is invalid, or Encode met a span that is too large
	reported   once.Filter

	encoding sync.Mutex
	encoder  encoder

	mu    sync.Mutex
	stats Stats
}

// New returns an [Exporter]. It never fails: if the [Config] is invalid, each Export returns the error.
func New(config Config) *Exporter {
	e := &Exporter{config: config}
	if e.config.Timeout <= 0 {
		e.config.Timeout = 10 * time.Second
	}
	if e.config.Attempts <= 0 {
		e.config.Attempts = 3
	}
	if e.config.MaxBody <= 0 {
		e.config.MaxBody = 1 << 20
	}
	e.headers, e.unreported = headersOf(&config)
	if e.url, e.bad = target(config.URL); e.bad == nil && config.Transport == nil {
		e.bad = errNoTransport
	}
	return e
}

// String returns a fixed text, so that printing an Exporter reveals no headers.
func (e *Exporter) String() string { return "otlphttp.Exporter" }

// GoString returns a fixed text, so that printing an Exporter reveals no headers.
func (e *Exporter) GoString() string { return "otlphttp.Exporter{}" }

// DetectResource returns the resource attributes that the [Transport] detects, if it is a [trace.ResourceDetector].
func (e *Exporter) DetectResource() []trace.Attribute {
	if e == nil {
		return nil
	}
	if d, ok := e.config.Transport.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}

// Export sends b in one request, or in several if it is too large for one. It returns when everything is sent or given up. It
// ignores the end of ctx, because the traced request is over by then. [Config.Timeout] limits its time. An error that it has
// returned is not returned again until sending has worked in between, and at most once a minute.
func (e *Exporter) Export(ctx context.Context, b *trace.Batch) error {
	if e == nil || b == nil || len(b.Spans) == 0 {
		return nil
	}
	var lines [][]byte
	var spans []int
	err := e.encode(b, func(line []byte, n int) {
		lines, spans = append(lines, bytes.Clone(line)), append(spans, n)
	})
	lost, failed := e.deliver(context.WithoutCancel(ctx), lines, spans)
	err = first(err, failed)
	e.mu.Lock()
	e.stats.DroppedSpans += uint64(lost)
	e.mu.Unlock()
	if lost == 0 && err == nil {
		e.reported.Fine()
	}
	return e.reported.Error(first(e.takeUnreported(), err))
}

// deliver sends lines, with further tries as long as there is time and a chance of success. It returns how many spans are lost.
func (e *Exporter) deliver(ctx context.Context, lines [][]byte, spans []int) (lost int, failed error) {
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	for try := 1; len(lines) > 0; try++ {
		r := e.send(ctx, lines, spans)
		lines, spans = lines[r.Lines:], spans[r.Lines:]
		if r.Lines > 0 {
			try = 1 // the first try of the request that is now the first
		}
		if len(lines) == 0 || r.Rejected > 0 { // an error that a later try makes good is not reported
			failed = first(failed, r.Err)
		}
		if len(lines) > 0 && (try >= e.config.Attempts || isPermanent(r.Err) || !pause(ctx, try, r.RetryAfter)) {
			failed = first(failed, r.Err)
			break
		}
	}
	for _, n := range spans {
		lost += n
	}
	return lost, failed
}

// takeUnreported returns unreported, and clears it.
func (e *Exporter) takeUnreported() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.unreported
	e.unreported = nil
	return err
}

// pause waits before the next try. It returns false at once if ctx leaves no time for that.
func pause(ctx context.Context, try int, least time.Duration) bool {
	d := time.Second << min(try-1, 5)
	d = max(d-rand.N(d/2+1), least)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Encode implements [batch.Sink]. If a span is too large, the next Send returns the error. If there is nothing to send, the
// processor reports it.
func (e *Exporter) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	if e == nil || b == nil {
		return
	}
	if err := e.encode(b, add); err != nil {
		e.mu.Lock()
		e.unreported = first(e.unreported, err)
		e.mu.Unlock()
	}
}

func (e *Exporter) encode(b *trace.Batch, add func(line []byte, spans int)) error {
	e.encoding.Lock()
	defer e.encoding.Unlock()
	tooLarge := e.encoder.encode(b, e.config.MaxBody, add)
	if tooLarge == 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.DroppedSpans += uint64(tooLarge)
	return errTooLarge
}

// Count implements [batch.Sink].
func (e *Exporter) Count(line []byte) int { return count(line) }

// Send implements [batch.Sink]. It makes as few requests as [Config.MaxBody] allows, and makes each once. If the [Config] is
// invalid, or an error is [Permanent], it settles nothing, so the lines that are held or stored are still there for a program
// with a corrected Config.
func (e *Exporter) Send(ctx context.Context, lines [][]byte) batch.Result {
	if e == nil {
		return batch.Result{}
	}
	spans := make([]int, len(lines))
	for i, line := range lines {
		spans[i] = bytes.Count(line, []byte(spanTime))
	}
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	r := e.send(ctx, lines, spans)
	r.Err = first(e.takeUnreported(), r.Err)
	return r
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
