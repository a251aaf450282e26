package logendpoint

import (
	"math"

	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultLineLimit is the greatest length of a line in bytes if [Config] sets no other. Fastly publishes no limit for Compute.
// The smallest limit known from its other products is 16 KiB, where the rest of a line is cut off and the JSON becomes invalid.
// The default leaves room for a prefix below that.
const DefaultLineLimit = 16_000

// Config configures an [Endpoint]. The zero value writes OTLP/JSON in lines of at most [DefaultLineLimit] bytes.
type Config struct {
	// Format appends a batch to dst as one or more lines, separated by newlines. The default is OTLP/JSON, as
	// otlp.Encoder.Append writes it. Others are compact.Append, compact.AppendHoneycomb, compact.AppendBigQuery, or your own.
	//
	// Format is called by one goroutine at a time, while the endpoint is locked, so it must not call methods of the endpoint,
	// not even Stats. If a line is too long, Format is called again with fewer of the same spans or with shortened spans. So it
	// must not change b, and a call does not mean that its lines are written.
	Format func(dst []byte, b *trace.Batch) []byte

	// LineLimit is the greatest length of a line in bytes, without the newline. Zero means [DefaultLineLimit], and a negative
	// number means no limit.
	LineLimit int
}

// Option is a [Config]. Pass the Config by value, not as a pointer. Option is an interface so that a program without a Config
// links none of the code for other formats.
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
