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
	config  Config
	url     string
	headers []Header
	bad     error // the configuration is: nothing can be sent
	untold  error // told with the next Export or Send: a part of the configuration is bad, or a span was too large for Encode
	told    once.Filter

	encoding sync.Mutex
	encoder  encoder

	mu    sync.Mutex
	stats Stats
}

// New returns an [Exporter], which is usable whatever the [Config]: what is wrong with it is an error of each Export.
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
	e.headers, e.untold = headersOf(&config)
	if e.url, e.bad = target(config.URL); e.bad == nil && config.Transport == nil {
		e.bad = errNoTransport
	}
	return e
}

// String keeps headers out of what prints an Exporter.
func (e *Exporter) String() string { return "otlphttp.Exporter" }

// GoString keeps headers out of what prints an Exporter.
func (e *Exporter) GoString() string { return "otlphttp.Exporter{}" }

// DetectResource passes on what the [Transport] knows of the platform.
func (e *Exporter) DetectResource() []trace.Attribute {
	if e == nil {
		return nil
	}
	if d, ok := e.config.Transport.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}

// Export sends b in one request, or in several if it is too large for one, and returns when that is done or given up. The
// end of ctx does not end it, since the request that is traced is over by then: [Config.Timeout] does. An error that has been
// returned is not returned again until it has been away.
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
		e.told.Fine()
	}
	return e.told.Error(first(e.takeUntold(), err))
}

// deliver sends lines, and tries again as long as there is time and hope. It returns how many spans are lost.
func (e *Exporter) deliver(ctx context.Context, lines [][]byte, spans []int) (lost int, failed error) {
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	for try := 1; len(lines) > 0; try++ {
		r := e.send(ctx, lines, spans)
		lines, spans = lines[r.Lines:], spans[r.Lines:]
		if r.Lines > 0 {
			try = 1 // of the request that is the first now
		}
		if len(lines) == 0 || r.Rejected > 0 { // what a later try makes good is not told
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

// takeUntold returns what is untold, once.
func (e *Exporter) takeUntold() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.untold
	e.untold = nil
	return err
}

// pause waits before the next try, or reports that ctx leaves no time for it.
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

// Encode is for a [batch.Processor]. That a span is too large is told with the next Send, or by the processor where there is nothing
// to send.
func (e *Exporter) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	if e == nil || b == nil {
		return
	}
	if err := e.encode(b, add); err != nil {
		e.mu.Lock()
		e.untold = first(e.untold, err)
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

// Count is for a [batch.Processor].
func (e *Exporter) Count(line []byte) int { return count(line) }

// Send is for a [batch.Processor]. It makes as few requests as [Config.MaxBody] allows, each once. Where the [Config] is bad, or an error is
// Permanent, it settles nothing: what is held, or in a Store, is there for the program whose Config is mended.
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
	r.Err = first(e.takeUntold(), r.Err)
	return r
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
