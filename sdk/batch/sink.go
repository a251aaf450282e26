package batch

import (
	"context"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Sink encodes traces and sends them. otlphttp.Exporter is one. A panic in it counts as an error. Its methods may call the
// [Processor]'s Stats, but not its Export.
type Sink interface {
	// Encode calls add with each line that it makes of b, and with the number of spans in the line. A line is text without a
	// newline that is complete by itself. Spans of b that are in no line are dropped. The next Send should return the reason;
	// if there is nothing to send, the Processor reports an error itself.
	//
	// Encode is called by one goroutine at a time, and more than once for a large trace. It must not keep b. It may use the
	// line's memory again after add has returned. Export waits for Encode.
	Encode(b *trace.Batch, add func(line []byte, spans int))

	// Count returns the number of spans in a line from a Store. It returns 0 for a line that cannot be sent, such as one that
	// is incomplete because its writer crashed. It may be called at the same time as Encode or Send.
	Count(line []byte) int

	// Send sends lines and returns what became of them. It is called by one goroutine at a time, and must return when ctx is
	// done. It may keep the lines, but must not change them.
	Send(ctx context.Context, lines [][]byte) Result
}

// Result is what became of the lines that were given to [Sink.Send].
type Result struct {
	// Lines is how many lines are settled, counted from the first: accepted by the receiver, or refused for good. The other
	// lines are tried again.
	Lines int
	// Untried is how many of the other lines, counted from the last, were in no request. They have not failed, so no failure is
	// counted for them, and the next call gets them before those that have.
	Untried int
	// Rejected is how many spans of the settled lines the receiver has refused.
	Rejected int
	// RetryAfter is how long a pause the receiver has asked for, or 0.
	RetryAfter time.Duration
	// Err says what went wrong. It may be set even if all lines are settled.
	Err error
}
