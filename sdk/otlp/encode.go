package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// Encoder encodes batches as lines. Except on wasm, it keeps the encoded form of the last resource, since all requests of a
// service have the same resource. The zero value is ready for use. An Encoder may be used by one goroutine at a time.
type Encoder struct {
	_ [0]func() // forbids ==, whose code would be linked

	resource *trace.Resource // of the last line
	head     int             // the length of that line before its first scope
	prefix   string          // natively: that line up to the first span, if that has the default scope
}

// What begins and ends the scopes of a line.
const (
	scopesStart = `,"scopeSpans":[`
	scopesEnd   = `]}` + lineEnd
)

// Append appends the line for b to dst, without a newline. For a batch without spans it appends nothing.
func (e *Encoder) Append(dst []byte, b *trace.Batch) []byte {
	if len(b.Spans) == 0 {
		return dst
	}
	return e.appendLine(dst, b)
}

func sameScope(a, b *trace.Scope) bool {
	return a == b || a != nil && b != nil && *a == *b
}
