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
