package logendpoint

import (
	"math"

	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultLineLimit is the longest line in bytes, if [Config] names no other. Fastly publishes no limit for Compute; the
// smallest that its logging knows elsewhere is 16 KiB, where the rest of a line is cut off and the JSON with it. The default
// stays below that by the room that a prefix needs.
const DefaultLineLimit = 16_000

// Config configures an [Endpoint]. The zero value writes OTLP/JSON in lines of at most [DefaultLineLimit] bytes.
type Config struct {
	// Format appends a batch as one or more lines with newlines between them: otlp.Encoder.Append by default,
	// compact.Append, AppendHoneycomb and AppendBigQuery beside it, or your own. It is called by one goroutine at a
	// time, under the endpoint's lock, and may not call the endpoint's methods, Stats neither. Where a line is too long, it is called again,
	// with fewer of the same spans or with less in them: it may not change b, and a call is not yet a line that was written.
	Format func(dst []byte, b *trace.Batch) []byte

	// LineLimit is the longest line in bytes; zero for DefaultLineLimit, negative for no limit.
	LineLimit int
}

// Option is a [Config], by value and not as a pointer: behind an interface, so that who gives none links none of what other formats need.
type Option interface{ apply(e *Endpoint) }

func (c Config) apply(e *Endpoint) {
	e.setLimit(c.LineLimit)
	if c.Format != nil {
		e.writePart = linesOf(c.Format)
	}
}

func (e *Endpoint) setLimit(limit int) {
	switch {
	case limit < 0:
		e.limit = math.MaxInt
	case limit > 0:
		e.limit = limit
	}
}
