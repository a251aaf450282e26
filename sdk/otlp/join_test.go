package otlp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A batch that did not fit has no effect: the next batch of its resource begins a line.
func TestJoinAfterWhatDidNotFit(t *testing.T) {
	var e otlp.Encoder
	of := func(resource *trace.Resource, name string) *trace.Batch {
		d := trace.SpanData{Name: name, SpanContext: trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}}}
		return &trace.Batch{Resource: resource, Spans: []trace.SpanData{d}}
	}
	one, two := trace.NewResource([]trace.Attribute{trace.String("r", "1")}), trace.NewResource([]trace.Attribute{trace.String("r", "2")})
	line, ok := e.Join(e.Append(nil, of(one, "a")), of(two, strings.Repeat("x", 1000)), 1000)
	require.False(t, ok)
	for _, b := range []*trace.Batch{of(two, "b"), of(two, "c"), of(one, "d")} {
		line, ok = e.Join(line, b, 2000)
		require.True(t, ok)
	}
	got, err := otlp.Decode(line)
	require.NoError(t, err)
	var names []string
	for i := range got {
		r, _ := got[i].Resource.Attribute("r")
		for k := range got[i].Spans {
			names = append(names, r.Str()+got[i].Spans[k].Name)
		}
	}
	require.Equal(t, []string{"1a", "2b", "2c", "1d"}, names)
}

// Without a line to join, a batch gets a line of its own.
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

// TestJoinUpToTheLimit checks that a line takes a batch that fits to the byte, with the same resource and with another.
func TestJoinUpToTheLimit(t *testing.T) {
	one, two := trace.NewResource([]trace.Attribute{trace.String("r", "1")}), trace.NewResource([]trace.Attribute{trace.String("r", "2")})
	for _, resource := range []*trace.Resource{one, two} {
		first, second := &trace.Batch{Resource: one, Spans: []trace.SpanData{{Name: "a"}}}, &trace.Batch{Resource: resource, Spans: []trace.SpanData{{Name: "b"}}}
		var e otlp.Encoder
		whole, ok := e.Join(e.Append(nil, first), second, 1<<20)
		require.True(t, ok)
		for _, less := range []int{0, 1} {
			line, ok := e.Join(e.Append(nil, first), second, len(whole)-less)
			require.Equal(t, less == 0, ok)
			if ok {
				require.Equal(t, string(whole), string(line))
			} else {
				require.Equal(t, string(e.Append(nil, first)), string(line), "it stays as it was")
			}
			same, ok := e.Join(line, &trace.Batch{Resource: resource}, 0)
			require.True(t, ok, "no spans fit into any line")
			require.Equal(t, string(line), string(same))
		}
	}
}
