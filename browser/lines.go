package browser

import (
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	lineSpans = 100      // of 1,000 that are held: a large trace does not drive out all others at once
	lineBytes = 15 << 10 // less than is sent when a page goes
)

// lines encodes b as one line, or as several where it is too large for one. A span alone may be longer than lineBytes.
func lines(e *otlp.Encoder, b *trace.Batch, push func(text []byte, spans int)) {
	var text []byte
	n := lineSpans // the next line is as long as the one before, as it is most likely as large
	for rest := b.Spans; len(rest) > 0; {
		n = min(len(rest), n)
		for {
			text = e.Append(text[:0], &trace.Batch{Resource: b.Resource, Spans: rest[:n]})
			if len(text) <= lineBytes || n == 1 {
				break
			}
			n = (n + 1) / 2
		}
		push(text, n)
		rest = rest[n:]
	}
}
