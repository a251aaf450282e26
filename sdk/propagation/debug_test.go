package propagation

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// The debug flag is passed on for all sampled spans of the trace that it came with, unless its sender is not trusted.
func TestDebug(t *testing.T) {
	sent := func(ctx context.Context, sc trace.SpanContext) string {
		h := map[string][]string{}
		B3{}.Inject(ctx, h, sc)
		return h["B3"][0][len(long)+len(span)+2:]
	}
	w3c := map[string][]string{"Traceparent": {"00-" + long + "-" + span + "-01"}, "B3": {long + "-" + span + "-d"}}
	for name, test := range map[string]struct {
		p       Propagator
		headers map[string][]string
	}{
		"single":         {B3{}, map[string][]string{"B3": {long + "-" + span + "-d"}}},
		"several":        {B3{}, map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Flags": {"1"}}},
		"another format": {Composite{W3C{}, B3{}}, w3c},
		"before another": {Composite{B3{}, W3C{}}, w3c},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, parent := test.p.Extract(context.Background(), test.headers)
			child, unsampled, stranger := parent, parent, parent
			child.SpanID[0]++
			unsampled.TraceFlags = 0
			stranger.TraceID[0]++
			require.Equal(t, "d", sent(ctx, parent))
			require.Equal(t, "d", sent(ctx, child))
			require.Equal(t, "0", sent(ctx, unsampled), "a sampler of ours has decided")
			require.Equal(t, "1", sent(ctx, stranger))

			ctx = WithoutDebug(ctx, parent)
			require.Equal(t, "d", sent(ctx, parent), "as it came")
			require.Equal(t, "1", sent(ctx, child))
		})
	}

	// An untrusted caller cannot set it in one format while another format says that the trace is not sampled.
	w3c["Traceparent"][0] = "00-" + long + "-" + span + "-00"
	ctx, parent := Composite{W3C{}, B3{}}.Extract(context.Background(), w3c)
	child := parent
	child.SpanID[0]++
	child.TraceFlags = trace.FlagSampled // sampled by this service
	require.Equal(t, "1", sent(WithoutDebug(ctx, parent), child))
	require.Equal(t, "1", sent(WithoutDebug(ctx, trace.SpanContext{}), child))

	ctx, parent = B3{}.Extract(context.Background(), map[string][]string{"B3": {long + "-" + span + "-1"}})
	require.Equal(t, "1", sent(ctx, parent))
	require.Equal(t, ctx, WithoutDebug(ctx, parent))
}
