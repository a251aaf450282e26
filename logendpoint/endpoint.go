package logendpoint

import (
	"context"
	"math"
	"sync"

	"github.com/edgespan/edgespan/fastlyenv"
	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultLineLimit is the longest line in bytes, if Config names no other. Fastly publishes no limit for Compute; the
// smallest that its logging knows elsewhere is 16 KiB, where the rest of a line is cut off and the JSON with it. The default
// stays below that by the room that a prefix needs.
const DefaultLineLimit = 16_000

// Config configures an Endpoint. The zero value writes OTLP/JSON in lines of at most DefaultLineLimit bytes.
type Config struct {
	// Format appends a batch as one or more lines with newlines between them: otlp.Encoder.Append by default,
	// compact.Append, AppendHoneycomb and AppendBigQuery beside it, or your own. It is called by one goroutine at a time.
	Format func(dst []byte, b *trace.Batch) []byte

	// LineLimit is the longest line in bytes; zero for DefaultLineLimit, negative for no limit.
	LineLimit int
}

// Endpoint is a trace.Exporter that writes to a log endpoint. Its methods may be called from any goroutine.
type Endpoint struct {
	mu     sync.Mutex
	out    writeFunc
	bad    error                                   // the name is; nothing can be written
	format func(dst []byte, b *trace.Batch) []byte // nil for otlp
	otlp   otlp.Encoder
	limit  int // a very high one where there is none
	buf    []byte
	part   trace.Batch // the spans that go into the next lines
	stats  Stats
	told   once.Texts
}

// Open returns the endpoint of that name, which is usable whatever the name: see the package's text on errors. At most one
// Config is looked at.
func Open(name string, config ...Config) *Endpoint {
	e := newEndpoint(nil, config...)
	if e.bad = checkName(name); e.bad == nil {
		e.out = writerTo(name)
		traceNames.add(name)
	}
	return e
}

func newEndpoint(out writeFunc, config ...Config) *Endpoint {
	e := &Endpoint{out: out}
	if len(config) > 0 {
		e.format, e.limit = config[0].Format, config[0].LineLimit
	}
	if e.limit == 0 {
		e.limit = DefaultLineLimit
	}
	if e.limit < 0 {
		e.limit = math.MaxInt
	}
	return e
}

// DetectResource makes the provider describe the sandbox that it runs in.
func (e *Endpoint) DetectResource() []trace.Attribute { return fastlyenv.Resource() }

// maxKeptBuffer bounds the memory that stays with the endpoint after an unusually large trace.
const maxKeptBuffer = 64 << 10

// Export writes the spans of b.
func (e *Endpoint) Export(_ context.Context, b *trace.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.bad
	if err == nil {
		err = e.write(b)
	} else {
		e.stats.DroppedSpans += uint64(len(b.Spans))
	}
	if cap(e.buf) > maxKeptBuffer {
		e.buf = nil
	}
	e.part.Spans = nil
	return e.news(err)
}

// news returns an error that has not been returned lately: a service without its endpoint says so once, not at every request.
func (e *Endpoint) news(err error) error {
	if err != nil && e.told.IsNew(err.Error()) {
		return err
	}
	return nil
}
