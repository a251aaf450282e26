package tracetest

import (
	"encoding/binary"
	"sync/atomic"

	"github.com/edgespan/edgespan/sdk/trace"
)

// IDs is a [trace.IDGenerator] that counts. The first trace is 00000000000000000000000000000001, and the first span is
// 0000000000000001. The zero value is ready for use. It may be used from any goroutine.
type IDs struct{ traces, spans atomic.Uint64 }

// NewTraceID returns the next trace id.
func (g *IDs) NewTraceID() (id trace.TraceID) {
	binary.BigEndian.PutUint64(id[8:], g.traces.Add(1))
	return id
}

// NewSpanID returns the next span id.
func (g *IDs) NewSpanID() (id trace.SpanID) {
	binary.BigEndian.PutUint64(id[:], g.spans.Add(1))
	return id
}
