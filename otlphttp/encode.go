package otlphttp

import (
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// encoder encodes batches as lines of limited length. It has one buffer.
type encoder struct {
	otlp otlp.Encoder
	buf  []byte
	part trace.Batch
}

// maxKeptBuffer is the size in bytes above which a buffer is not kept after an unusually large trace.
const maxKeptBuffer = 64 << 10

// maxLineSpans is how many spans are encoded together at most. It limits the work that is wasted if the result is longer than a
// line may be.
const maxLineSpans = 512

// encode calls add with each line. It returns how many spans are too large for a line.
func (e *encoder) encode(b *trace.Batch, limit int, add func(line []byte, spans int)) (tooLarge int) {
	e.part.Resource = b.Resource
	rest := b.Spans
	n := min(len(rest), maxLineSpans)
	for len(rest) > 0 {
		e.part.Spans = rest[:n]
		e.buf = e.otlp.Append(e.buf[:0], &e.part)
		switch {
		case len(e.buf) <= limit:
			add(e.buf, n)
		case n > 1:
			// Take nine tenths of what would fit if all spans had the same size, but at most half of the spans, so that the
			// loop ends.
			n = max(1, min(n/2, limit/10*9/(len(e.buf)/n+1)))
			continue
		default:
			tooLarge++
		}
		rest = rest[n:]
		n = min(n, len(rest))
	}
	if cap(e.buf) > maxKeptBuffer {
		e.buf = nil
	}
	e.part = trace.Batch{}
	return tooLarge
}
