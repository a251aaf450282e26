package fromenv_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/fromenv"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What one process injects, another extracts.
func TestContextOfAProcess(t *testing.T) {
	state, err := trace.ParseTraceState("a=1,b=2")
	require.NoError(t, err)
	sc, err := trace.ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03")
	require.NoError(t, err)
	sc.TraceState = state
	b, _ := baggage.Parse("tenant=7")
	p := propagation.Composite{propagation.W3C{}, propagation.B3{Multi: true}, propagation.Baggage{}}
	h := map[string][]string{}
	p.Inject(baggage.ContextWithBaggage(context.Background(), b), h, sc)

	list := fromenv.Variables(h, p.Fields())
	assert.Equal(t, []string{"TRACEPARENT=" + sc.Traceparent(), "TRACESTATE=a=1,b=2", "B3=", "X_B3_TRACEID=4bf92f3577b34da6a3ce929d0e0e4736",
		"X_B3_SPANID=00f067aa0ba902b7", "X_B3_PARENTSPANID=", "X_B3_SAMPLED=1", "X_B3_FLAGS=", "BAGGAGE=tenant=7"}, list)
	values := map[string]string{"traceparent": "another", "B3": "what this process was started with"}
	for _, v := range list {
		name, value, _ := strings.Cut(v, "=")
		values[name] = value
	}
	got := fromenv.Headers(env(values), p.Fields())
	assert.Equal(t, h, got)
	ctx, parent := p.Extract(context.Background(), got)
	assert.Equal(t, sc, parent)
	assert.Equal(t, "7", baggage.FromContext(ctx).Get("tenant"))

	assert.Empty(t, fromenv.Headers(env(nil), p.Fields()))
	assert.Equal(t, []string{"A___B=", "A____Z9=x,y", "_0=", "_=z"}, fromenv.Variables(
		map[string][]string{"0": {}, "": {"z"}, "A-_~\x00z9": {"x", "y"}, "other": {"z"}}, []string{"a.é b", "A-_~\x00z9", "0", ""}))
}
