package logendpoint

import (
	"context"
	"sync"

	"github.com/edgespan/edgespan/fastlyenv"
	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Endpoint is a [trace.Exporter] that writes to a log endpoint. Its methods may be called from any goroutine.
type Endpoint struct {
	mu        sync.Mutex
	out       writeFunc
	nameErr   error // why the name is invalid; nothing is written then
	otlp      otlp.Encoder
	writePart writePart // set if there is a Config.Format
	limit     int       // a very high number if there is no limit
	buf       []byte
	part      trace.Batch // the spans that go into the next line
	seen      uint64      // spans that Export got; those that were not written are dropped
	stats     Stats       // without DroppedSpans, which Stats calculates
	reported  once.Texts
}

// Open returns an exporter to the log endpoint with this name. It never fails: if the name is invalid, each Export drops its
// spans and returns the error. config is a [Config]; only the first is used.
func Open(name string, config ...Option) *Endpoint {
	e := &Endpoint{limit: DefaultLineLimit}
	if len(config) > 0 && config[0] != nil {
		config[0].apply(e)
	}
	if e.nameErr = checkName(name); e.nameErr != nil {
		return e
	}
	e.out = writerTo(name)
	traceNames.add(name)
	return e
}

// DetectResource returns the resource attributes of the sandbox, see package fastlyenv. The provider adds them to its resource.
func (e *Endpoint) DetectResource() []trace.Attribute { return fastlyenv.Resource() }

// maxKeptBuffer is the size in bytes above which a buffer is not kept after an unusually large trace.
const maxKeptBuffer = 64 << 10

// Export writes the spans of b. If a write fails, it goes on with the next line, and returns the first error. An error with the
// same text as one of the last few that were returned is not returned again. [Endpoint.Stats] counts all spans that were lost.
//
// Export changes b if a span is too long for a line: that span loses its largest values.
func (e *Endpoint) Export(_ context.Context, b *trace.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen += uint64(len(b.Spans)) // before user code such as a Format can panic
	err := e.nameErr
	if err == nil {
		err = e.write(b)
	}
	if cap(e.buf) > maxKeptBuffer {
		e.buf = nil
	}
	e.part.Spans = nil
	return e.onlyNew(err)
}

// onlyNew returns err unless it was returned lately, so that a service without its endpoint reports the error once and not with
// every request.
func (e *Endpoint) onlyNew(err error) error {
	if err != nil && e.reported.IsNew(err.Error()) {
		return err
	}
	return nil
}
