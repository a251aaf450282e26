package batch

import (
	"context"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Sink encodes traces and sends them; otlphttp.Exporter is one. What panics in it is an error. It may ask the [Processor] for its
// Stats, and must not call its Export.
type Sink interface {
	// Encode calls add with each line that b makes: text without a newline, complete by itself, with the number of spans
	// in it. What of b it does not pass to add is dropped; the next Send should say so, which the Processor does itself where
	// nothing is left to send. It is called by one goroutine at a time, more than once for a large trace, keeps nothing of b, and
	// may use the line's memory again when add returns. Export waits for it.
	Encode(b *trace.Batch, add func(line []byte, spans int))

	// Count returns the number of spans in a line from a Store, and 0 for one that cannot be sent, such as one that was
	// torn when its writer crashed. It may be called while Encode or Send are.
	Count(line []byte) int

	// Send sends lines and returns what became of them. It is called by one goroutine at a time, and returns when ctx is
	// done. It may keep the lines, and must not change them.
	Send(ctx context.Context, lines [][]byte) Result
}

// Result is what became of lines that a [Sink] was to send.
type Result struct {
	// Lines is how many, counted from the first, are settled: taken by the receiver, or refused for good. The others may be
	// tried again.
	Lines int
	// Untried is how many of the others, counted from the last, were in no request. No failure is counted for them, and the
	// next call has them in front of those that were.
	Untried int
	// Rejected is the number of spans in the settled lines that the receiver has refused.
	Rejected int
	// RetryAfter is for how long the receiver wants to be left alone, if it said so.
	RetryAfter time.Duration
	// Err says what went wrong, also with settled lines.
	Err error
}
