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
	nameErr   error // what is wrong with the name; nothing can be written then
	otlp      otlp.Encoder
	writePart writePart // with a Config.Format
	limit     int       // a very high one where there is none
	buf       []byte
	part      trace.Batch // the spans that go into the next line
	seen      uint64      // spans, of which those that are not written are dropped
	stats     Stats       // without these
	told      once.Texts
}

// Open returns the endpoint of that name, which is usable whatever the name: see the package's text on errors. At most one
// Config is looked at.
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

// DetectResource makes the provider describe the sandbox that it runs in.
func (e *Endpoint) DetectResource() []trace.Attribute { return fastlyenv.Resource() }

// maxKeptBuffer bounds the memory that stays with the endpoint after an unusually large trace.
const maxKeptBuffer = 64 << 10

// Export writes the spans of b. It goes on after an error, and returns the first. The error is nil too where one of the same text was
// among the last few that were returned: Stats counts what is lost.
func (e *Endpoint) Export(_ context.Context, b *trace.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen += uint64(len(b.Spans)) // before anything may panic, such as a Format
	err := e.nameErr
	if err == nil {
		err = e.write(b)
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
