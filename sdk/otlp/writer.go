package otlp

import (
	"slices"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
)

// writer appends pieces of a line to a buffer. Each method takes the constant that stands before its value, and is not
// inlined: a call is a quarter of the code of an inlined append, which counts in a binary that is sent to every edge, and
// one test for room serves both.
type writer struct{ buf []byte }

// room lengthens the buffer by n bytes.
func (w *writer) room(n int) []byte {
	at := len(w.buf)
	if cap(w.buf)-at < n {
		w.buf = slices.Grow(w.buf, n)
	}
	w.buf = w.buf[:at+n]
	return w.buf[at:]
}

//go:noinline
func (w *writer) raw(s string) { copy(w.room(len(s)), s) }

// text appends before, s escaped, and a quote.
//
//go:noinline
func (w *writer) text(before, s string) {
	if json.Plain(s) < len(s) {
		w.raw(before)
		w.buf = json.AppendText(w.buf, s)
		w.raw(`"`)
		return
	}
	b := w.room(len(before) + len(s) + 1)
	copy(b, before)
	copy(b[len(before):], s)
	b[len(b)-1] = '"'
}

// hex appends before and the digits of an id.
//
//go:noinline
func (w *writer) hex(before string, id []byte) {
	b := w.room(len(before) + 2*len(id))
	b = b[copy(b, before):]
	for ; len(id) >= 8; b, id = b[16:], id[8:] {
		hex.Put8((*[16]byte)(b), (*[8]byte)(id))
	}
}

// time appends before and Unix nanoseconds. OTLP's are unsigned, and a reader would refuse a line with a negative number.
func (w *writer) time(before string, t int64) { w.int(before, max(t, 0)) }

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
