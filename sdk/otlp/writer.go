package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
)

// writer appends pieces of a line to a buffer. Each method takes the constant that stands before its value, and is not
// inlined: a call is a quarter of the code of an inlined append, which counts in a binary that is sent to every edge, and
// one test for room serves both.
type writer struct{ buf []byte }

//go:noinline
func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

// text appends before, s escaped, and a quote.
//
//go:noinline
func (w *writer) text(before, s string) {
	w.buf = append(json.AppendText(append(w.buf, before...), s), '"')
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
func (w *writer) time(before string, t int64) { w.quoted(before, max(t, 0)) }

// quoted appends before, v in decimal and a quote.
//
//go:noinline
func (w *writer) quoted(before string, v int64) {
	w.int(before, v)
	w.buf = append(w.buf, '"')
}

// int appends before and v in decimal.
//
//go:noinline
func (w *writer) int(before string, v int64) {
	w.raw(before)
	w.buf = json.AppendInt(w.buf, v)
}

func (w *writer) float(before string, f float64) {
	w.raw(before)
	w.buf = json.AppendFloat(w.buf, f, false)
}

// count appends before and a count that is not zero.
func (w *writer) count(before string, n uint32) {
	if n > 0 {
		w.int(before, int64(n))
	}
}

// separate opens a list before its first element, and puts a comma before the others.
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
