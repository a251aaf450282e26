package propagation

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestComposite(t *testing.T) {
	const w3c, b3 = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"
	both := Composite{W3C{}, nil, B3{}, Baggage{}}
	for name, test := range map[string]struct {
		propagator Composite
		headers    map[string][]string
		trace      string
	}{
		"the first":               {both, map[string][]string{"Traceparent": {w3c}, "B3": {b3}}, "4bf92f3577b34da6a3ce929d0e0e4736"},
		"in the order they stand": {Composite{B3{}, W3C{}}, map[string][]string{"Traceparent": {w3c}, "B3": {b3}}, "80f198ee56343ba864fe8b2a57d3eff7"},
		"the second, alone":       {both, map[string][]string{"B3": {b3}}, "80f198ee56343ba864fe8b2a57d3eff7"},
		"the first is malformed":  {both, map[string][]string{"Traceparent": {"00-"}, "B3": {b3}}, "80f198ee56343ba864fe8b2a57d3eff7"},
		"none":                    {both, map[string][]string{"Baggage": {"a=1"}}, "00000000000000000000000000000000"},
		"of nobody":               {nil, map[string][]string{"B3": {b3}}, "00000000000000000000000000000000"},
	} {
		t.Run(name, func(t *testing.T) {
			_, sc := test.propagator.Extract(context.Background(), test.headers)
			assert.Equal(t, test.trace, sc.TraceID.String())
		})
	}

	ctx, sc := both.Extract(context.Background(), map[string][]string{"B3": {b3}, "Baggage": {"a=1"}})
	assert.Equal(t, "1", baggage.FromContext(ctx).Get("a"), "each adds to the context")
	out := map[string][]string{}
	both.Inject(ctx, out, sc)
	assert.Equal(t, map[string][]string{
		"Traceparent": {"00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"}, "B3": {b3}, "Baggage": {"a=1"},
	}, out)
	assert.Subset(t, both.Fields(), []string{"Traceparent", "Tracestate", "B3", "X-B3-Traceid", "Baggage"})
	assert.NotPanics(t, func() { Composite(nil).Inject(ctx, out, trace.SpanContext{}) })
}

// TestInjectReplaces checks that a callee gets the span's headers, whatever the header map contained before.
func TestInjectReplaces(t *testing.T) {
	const w3c = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	both := Composite{W3C{}, Baggage{}}
	for name, test := range map[string]struct{ in, want map[string][]string }{
		"with all": {
			map[string][]string{"Traceparent": {w3c}, "Tracestate": {"a=1", "b=2"}, "Baggage": {"c=3", "d=4;p"}},
			map[string][]string{"Traceparent": {w3c}, "Tracestate": {"a=1,b=2"}, "Baggage": {"c=3,d=4;p"}},
		},
		"with less": {map[string][]string{"Traceparent": {w3c}}, map[string][]string{"Traceparent": {w3c}}},
	} {
		ctx, sc := both.Extract(context.Background(), test.in)
		assert.True(t, sc.Remote, name)
		out := map[string][]string{"Traceparent": {"another's"}, "Tracestate": {"another=1"}, "Baggage": {"another=1"}}
		both.Inject(ctx, out, sc)
		assert.Equal(t, test.want, out, name)
	}
}

// TestCompositeDefersOnlyForItsSpan checks that a deferred decision of B3 says nothing about the decision of W3C, although both
// name the same span, and that the decision of another propagator says nothing about what B3 has deferred.
func TestCompositeDefersOnlyForItsSpan(t *testing.T) {
	const trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	h := map[string][]string{"Traceparent": {"00-" + trace + "-" + span + "-00"}, "B3": {trace + "-" + span}}
	for _, test := range []struct {
		name string
		c    Composite
		want bool
	}{
		{"W3C is followed", Composite{W3C{}, B3{}}, false},
		{"B3 is followed", Composite{B3{}, W3C{}}, true},
		{"B3 twice", Composite{B3{}, nil, B3{}}, true},
		{"another B3 of another span", Composite{B3{}, renamed{"Other", B3{}}}, true},
		{"one of several", Composite{Composite{W3C{}, B3{}}, B3{}}, false},
	} {
		h["Other"] = []string{trace + "-" + "b7ad6b7169203331"}
		ctx, sc := test.c.Extract(context.Background(), h)
		assert.Equal(t, span, sc.SpanID.String(), test.name)
		assert.Equal(t, test.want, SamplingDeferred(ctx, sc), test.name)
		out := map[string][]string{}
		B3{}.Inject(ctx, out, sc)
		want := trace + "-" + span + "-0"
		if test.want {
			want = trace + "-" + span
		}
		assert.Equal(t, want, out["B3"][0], test.name)
	}
}

// renamed is B3 with another header name.
type renamed struct {
	header string
	Propagator
}

func (r renamed) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	return r.Propagator.Extract(ctx, map[string][]string{"B3": h[r.header]})
}
