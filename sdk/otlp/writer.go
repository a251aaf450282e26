package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// writer appends pieces of a line to a buffer. Most methods take the constant that stands before their value, and none is
// inlined: a call is a quarter of the code of an inlined append, which counts in a binary that is sent to every edge.
type writer struct{ buf []byte }

//go:noinline
func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

// text appends before, s escaped, and a quote.
//
//go:noinline
func (w *writer) text(before, s string) {
	w.raw(before)
	w.buf = json.AppendText(w.buf, s)
	w.raw(`"`)
}

// hex appends before and the digits of an id.
//
//go:noinline
func (w *writer) hex(before string, id []byte) {
	w.raw(before)
	w.buf = hex.Append(w.buf, id)
}

// time appends before, Unix nanoseconds and a quote. OTLP's are unsigned, and a reader would refuse a line with a negative
// number.
func (w *writer) time(before string, t int64) { w.int(before, max(t, 0), `"`) }

// int appends v in decimal between before and after.
//
//go:noinline
func (w *writer) int(before string, v int64, after string) {
	w.raw(before)
	w.buf = json.AppendInt(w.buf, v)
	w.raw(after)
}

// count appends before and a count that is not zero.
//
//go:noinline
func (w *writer) count(before string, n uint32) {
	if n > 0 {
		w.int(before, int64(n), ``)
	}
}

// state appends the trace state, if there is one.
//
//go:noinline
func (w *writer) state(sc *trace.SpanContext) {
	if !sc.TraceState.IsEmpty() {
		w.text(`,"traceState":"`, sc.TraceState.String())
	}
}

// separate opens a list before its first element, and puts a comma before the others.
//
//go:noinline
func (w *writer) separate(open string, i int) {
	if i > 0 {
		open = `,`
	}
	w.raw(open)
}

// close closes a list that has been opened.
func (w *writer) close(n int) {
	if n > 0 {
		w.raw(`]`)
	}
}
