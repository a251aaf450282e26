//go:build wasm || edgespan_small

package otlp

import (
	"unsafe"

	"github.com/edgespan/edgespan/sdk/trace"
)

// writer writes what buf has room for, and counts the rest. If each piece were appended to a slice that may grow, each would have
// code for that.
type writer struct {
	buf []byte
	n   int // the length of the text, of which buf holds what it has room for
}

//go:noinline
func (w *writer) raw(s string) {
	if w.n < len(w.buf) {
		copy(w.buf[w.n:], s)
	}
	w.n += len(s)
}

// What is written for a batch without a resource, and for a span without a scope.
var (
	noResource   trace.Resource
	defaultScope = trace.Scope{Name: trace.ScopeName, Version: trace.Version}
)

// appendLine writes into the room that dst has. If that is too little, the first round finds out how long the line is. It is one
// function, because a function costs 330 bytes beside its code.
func (e *Encoder) appendLine(dst []byte, b *trace.Batch) []byte {
	e.resource = b.Resource
	resource := b.Resource
	if resource == nil {
		resource = &noResource
	}
	for {
		w := writer{dst[:cap(dst)], len(dst)}
		w.raw(lineStart + `{"resource":{`)
		w.object(&resourceObject, unsafe.Pointer(resource))
		w.raw(scopesStart)
		e.head = w.n - len(dst)
		last, before, between := (*trace.Scope)(nil), `{"scope":{`, ``
		for i := range b.Spans {
			d := &b.Spans[i]
			if i == 0 || !sameScope(last, d.Scope) {
				w.raw(before)
				last, before, between = d.Scope, `]},{"scope":{`, `,"spans":[`
				scope, shape := last, &scopeObject
				if scope == nil {
					scope = &defaultScope
				}
				if scope.Name == `` {
					shape = &unnamedScope
				}
				w.object(shape, unsafe.Pointer(scope))
			}
			w.raw(between)
			w.object(&spanObject, unsafe.Pointer(d))
			between = `,`
		}
		w.raw(scopesEnd)
		if w.n <= len(w.buf) {
			return w.buf[:w.n]
		}
		longer := make([]byte, w.n+w.n/4) // with some room for the next line
		copy(longer, dst)
		dst = longer[:len(dst)]
	}
}

// appendResource counts in the first round.
func appendResource(dst []byte, r *trace.Resource) []byte {
	if r == nil {
		r = &noResource
	}
	w := writer{n: len(dst)}
	for range 2 {
		w = writer{make([]byte, w.n), len(dst)}
		w.raw(`{`)
		w.object(&resourceObject, unsafe.Pointer(r))
	}
	copy(w.buf, dst)
	return w.buf
}
