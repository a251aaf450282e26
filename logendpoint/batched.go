package logendpoint

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// BatchConfig configures a [Batched] endpoint. The zero value works.
type BatchConfig struct {
	// LineLimit is the longest line in bytes; zero for DefaultLineLimit, negative for no limit. What is held is one line, so
	// this also bounds its bytes.
	LineLimit int

	// Traces is how many traces a line has at most; 20 by default, negative for as many as LineLimit has room for.
	Traces int

	// Age is how old the oldest trace that is held gets; 5 s by default, negative for any. It is looked at when a trace
	// comes, and by FlushDue, which middleware.ServeMany calls before the first request and after each.
	Age time.Duration
}

// Batched is a [trace.Exporter] that holds traces back, and writes several to a line of OTLP/JSON: for sandboxes that serve many
// requests. Each trace keeps its own list of spans. Its methods may be called from any goroutine.
//
// It holds nothing back before FlushDue has been called for the first time, since only somebody who looks after what is held
// calls it: middleware.ServeMany. Under fsthttp.Serve, whose sandbox ends with the request, each trace is written at once. What
// is held when a sandbox ends without Flush is lost.
type Batched struct {
	mu     sync.Mutex
	config BatchConfig
	holds  bool      // somebody calls FlushDue
	e      *Endpoint // nobody else's; where there are traces held, its buffer is their line
	held   int       // traces in it
	spans  int       // in them
	since  time.Time // when the first of them came
}

// OpenBatched returns the log endpoint of that name, which is usable whatever the name, as that of [Open] is. At most one
// [BatchConfig] is looked at.
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

// DetectResource makes the provider describe the sandbox that it runs in.
func (b *Batched) DetectResource() []trace.Attribute { return b.e.DetectResource() }

// Export holds the spans of a batch, and writes what is held where that is enough, or old enough. A batch that is too long for
// a line is written at once, split as [Endpoint.Export] does, behind what came before it. An error may be about the traces that were held,
// and is nil where Endpoint.Export's would be.
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
	short := n <= e.limit/minSpan // else it is not encoded at once
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
			if err == nil { // else what has failed before is told another time
				err = e.news(failed)
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
	return e.news(failed)
}

// Flush writes what is held. It returns each error, also one that Export or FlushDue has returned lately.
func (b *Batched) Flush(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.write()
}

// FlushDue writes what is held if it is older than [BatchConfig.Age]. Who calls it, before the first request and after each,
// promises to call Flush at the end: from its first call on, traces are held back. The error is nil where [Endpoint.Export]'s would be.
func (b *Batched) FlushDue(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holds = true
	if !b.old() {
		return nil
	}
	return b.e.news(b.write())
}

func (b *Batched) old() bool { return b.config.Age > 0 && time.Since(b.since) >= b.config.Age }

// write writes the line that is held, if there is one. What the host refuses is lost, and counted.
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

// BatchedStats is what a [Batched] endpoint has written, and what it holds.
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
