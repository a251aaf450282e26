package otlp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Where there is no line to join, a batch gets one of its own.
func TestJoinWithoutALine(t *testing.T) {
	shop := trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")})
	b := &trace.Batch{Resource: shop, Spans: []trace.SpanData{{Name: "a", Start: 1, End: 2}}}
	alone := new(otlp.Encoder).Append(nil, b)
	for _, start := range []string{"", "x", "not a line\n"} {
		var e otlp.Encoder
		line := e.Append([]byte(start), &trace.Batch{Resource: shop})
		joined, ok := e.Join(line, b, len(start)+len(alone)-1)
		assert.False(t, ok, "there is no room")
		assert.Equal(t, start, string(joined))
		joined, ok = e.Join(line, b, len(start)+len(alone))
		assert.True(t, ok)
		assert.Equal(t, start+string(alone), string(joined))
		twice, ok := e.Join(joined, b, 1<<20)
		assert.True(t, ok)
		batches, err := otlp.Decode(twice[len(start):])
		assert.NoError(t, err)
		assert.Len(t, batches, 1)
		assert.Len(t, batches[0].Spans, 2)
	}
}
