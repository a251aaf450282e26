package logendpoint

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// BatchConfig configures a [Batched] endpoint. The zero value works.
type BatchConfig struct {
	// LineLimit is the greatest length of a line in bytes. Zero means [DefaultLineLimit], and a negative number means no limit.
	// The traces that are held back are one line, so this also limits their size.
	LineLimit int

	// Traces is how many traces a line holds at most. The default is 20. A negative number means as many as LineLimit has room
	// for.
	Traces int

	// Age is how long the oldest trace is held back. The default is 5 seconds. A negative number means no limit. The age is
	// checked when a trace arrives, and by FlushDue, which middleware.ServeMany calls before the first request and after each.
	Age time.Duration
}

// Batched is a [trace.Exporter] that holds traces back and writes several of them to one line of OTLP/JSON. It is for sandboxes
// that serve many requests. Within the line, each trace keeps its own list of spans. Its methods may be called from any
// goroutine.
//
// Batched holds traces back only once FlushDue has been called, because a caller of FlushDue, such as middleware.ServeMany,
// also flushes at the end. Under fsthttp.Serve, where the sandbox ends with the request, each trace is written at once. Traces
// that are held back when a sandbox ends without Flush are lost.
type Batched struct {
	mu     sync.Mutex
	config BatchConfig
	holds  bool      // FlushDue has been called
	e      *Endpoint // of this Batched alone; while traces are held back, e.buf is their line
	held   int       // traces in the line
	spans  int       // spans in the line
	since  time.Time // when the first of the traces arrived
}

// OpenBatched returns an exporter to the log endpoint with this name. Like [Open], it never fails: if the name is invalid, each
// Export returns the error. Only the first [BatchConfig] is used.
func OpenBatched(name string, config ...BatchConfig) *Batched {
	b := newBatched(nil, config...)
	b.e = Open(name)
	b.e.setLimit(b.config.LineLimit)
	return b
}

func newBatched(e *Endpoint, config ...BatchConfig) *Batched {
	b := &Batched{e: e}
	if len(config) > 0 {
		b.config = config[0]
	}
	if b.config.Traces == 0 {
		b.config.Traces = 20
	}
	if b.config.Age == 0 {
		b.config.Age = 5 * time.Second
	}
	return b
}

// DetectResource returns the resource attributes of the sandbox, see package fastlyenv. The provider adds them to its resource.
func (b *Batched) DetectResource() []trace.Attribute { return b.e.DetectResource() }

// Export adds the spans of a batch to the line that is held back, and writes the line when it has enough traces or is old
// enough. A batch that is too long for one line is written at once, after the line that was held back, and is split as
// [Endpoint.Export] does. An error may be about traces that earlier calls have added. As with [Endpoint.Export], an error that
// was returned lately is not returned again.
func (b *Batched) Export(ctx context.Context, batch *trace.Batch) error {
	n := len(batch.Spans)
	if n == 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.e
	if e.nameErr != nil {
		return e.Export(ctx, batch)
	}
	var failed error
	short := n <= e.limit/minSpan // more spans than this do not fit into a line
	joined := false
	if short && b.held > 0 {
		e.buf, joined = e.otlp.Join(e.buf, batch, e.limit)
	}
	if !joined {
		failed = b.write()
		if short {
			e.buf = e.otlp.Append(e.buf[:0], batch)
		}
		if !short || len(e.buf) > e.limit {
			err := e.Export(ctx, batch)
			if err == nil { // otherwise the error of the earlier traces is not reported this time
				err = e.onlyNew(failed)
			}
			return err
		}
		b.since = time.Now()
	}
	b.held++
	b.spans += n
	if !b.holds || b.held == b.config.Traces || b.old() {
		failed = first(failed, b.write())
	}
	return e.onlyNew(failed)
}

// Flush writes the line that is held back. It returns every error, also one that Export or FlushDue has returned lately.
func (b *Batched) Flush(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.write()
}

// FlushDue writes the line that is held back if it is older than [BatchConfig.Age]. From its first call on, traces are held
// back, so the caller must call it before the first request and after each, and Flush at the end. An error that was returned
// lately is not returned again.
func (b *Batched) FlushDue(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holds = true
	if !b.old() {
		return nil
	}
	return b.e.onlyNew(b.write())
}

func (b *Batched) old() bool { return b.config.Age > 0 && time.Since(b.since) >= b.config.Age }

// write writes the line that is held back, if there is one. If the host refuses it, its spans are lost, and counted.
func (b *Batched) write() error {
	if b.held == 0 {
		return nil
	}
	e := b.e
	e.seen += uint64(b.spans)
	err := e.writeBuffer(b.spans)
	if e.buf = e.buf[:0]; cap(e.buf) > maxKeptBuffer {
		e.buf = nil
	}
	b.held, b.spans = 0, 0
	return err
}

// BatchedStats counts what a [Batched] has written since it was opened, and what it holds back now.
type BatchedStats struct {
	Stats
	HeldTraces int
	HeldSpans  int
}

// Stats returns the counts so far.
func (b *Batched) Stats() BatchedStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return BatchedStats{b.e.Stats(), b.held, b.spans}
}
