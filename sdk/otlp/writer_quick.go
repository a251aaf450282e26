//go:build !wasm && !edgespan_small

package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
)

// writer appends pieces of a line to a buffer. Most methods take the constant that comes before their value. Few are inlined: a
// call is a quarter of the code of an inlined append, which matters in a binary that is sent to every edge location.
type writer struct{ buf []byte }

// text appends before, s escaped, and a quote.
//
//go:noinline
func (w *writer) text(before, s string) {
	w.raw(before)
	w.buf = json.AppendText(w.buf, s)
	w.raw(`"`)
}

// hex appends before, the digits of an id, and a quote.
//
//go:noinline
func (w *writer) hex(before string, id []byte) {
	w.raw(before)
	w.buf = hex.Append(w.buf, id)
	w.raw(`"`)
}

// int appends before and v in decimal. If before ends with a quote, it also appends a quote.
//
//go:noinline
func (w *writer) int(before string, v int64) {
	w.raw(before)
	w.buf = json.AppendInt(w.buf, v)
	if before[len(before)-1] == '"' {
		w.raw(`"`)
	}
}

// time appends Unix nanoseconds. In OTLP they are unsigned, and a reader would refuse a line with a negative number.
func (w *writer) time(before string, t int64) { w.int(before, max(t, 0)) }

// count appends before and n, unless n is zero.
func (w *writer) count(before string, n uint32) {
	if n > 0 {
		w.int(before, int64(n))
	}
}
