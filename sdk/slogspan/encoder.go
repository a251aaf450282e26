package slogspan

import (
	"log/slog"
	"sync"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// encoder encodes a record. It holds no lock, because the code that it calls (methods of values, ReplaceAttr) may itself log.
//
// Every element of a list or an object is written with a comma after it. The closing bracket replaces the last comma.
type encoder struct {
	*output
	buf    []byte
	groups []string // the groups around the current attribute
	depth  int      // depth of values within values
	open   int      // groups that are opened and not closed
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

func newEncoder(o *output) *encoder {
	e := encoders.Get().(*encoder)
	e.output = o
	return e
}

func (e *encoder) release() {
	if cap(e.buf) > maxKeptBuffer {
		return
	}
	clear(e.groups[:cap(e.groups)])
	*e = encoder{buf: e.buf[:0], groups: e.groups[:0]}
	encoders.Put(e)
}

// record encodes a record into the buffer, and reports whether it fits into a line.
func (e *encoder) record(h *Handler, r *slog.Record, sc *trace.SpanContext) bool {
	if e.Format == OTLP {
		e.otlpHead(r, sc)
	} else {
		e.jsonHead(r, sc)
	}
	head := len(e.buf)
	if e.Format == OTLP {
		e.raw(`"attributes":[`)
	}
	from := len(e.buf)
	if e.AddSource && r.PC != 0 {
		e.source(r.PC)
	}
	e.buf, e.open = append(e.buf, h.pre...), h.opened
	e.within(h, func() {
		r.Attrs(func(a slog.Attr) bool {
			e.attr(a)
			return true
		})
	})
	for e.open > 0 {
		e.closeGroup()
	}
	if len(e.buf)+len(`}`) > e.room {
		return e.shrink(head, from)
	}
	if len(e.buf) == from {
		e.buf = e.buf[:head]
	} else if e.Format == OTLP {
		e.end(`],`)
	}
	e.end(`}`)
	return true
}

// end replaces the comma after the last element by the bracket.
func (e *encoder) end(bracket string) {
	if n := len(e.buf) - 1; e.buf[n] == ',' {
		e.buf = e.buf[:n]
	}
	e.raw(bracket)
}

//go:noinline
func (e *encoder) raw(s string) { e.buf = append(e.buf, s...) }

// text appends before, s escaped, and after.
//
//go:noinline
func (e *encoder) text(before, s, after string) {
	e.raw(before)
	e.buf = json.AppendText(e.buf, s)
	e.raw(after)
}

// int appends before, v in decimal, and after.
//
//go:noinline
func (e *encoder) int(before string, v int64, after string) {
	e.raw(before)
	e.buf = json.AppendInt(e.buf, v)
	e.raw(after)
}

// hex appends before, the digits of an id, and after.
//
//go:noinline
func (e *encoder) hex(before string, id []byte, after string) {
	e.raw(before)
	e.buf = hex.Append(e.buf, id)
	e.raw(after)
}
