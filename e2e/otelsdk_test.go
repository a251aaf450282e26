package e2e

import (
	"context"
	"net/http"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/propagators/b3"
	otelbaggage "go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// otelClient starts a span with OpenTelemetry's SDK, as an instrumented client does. It returns the span, and an edit that
// passes it on with p.
func otelClient(ctx context.Context, p propagation.TextMapPropagator, sampler sdktrace.Sampler) (oteltrace.SpanContext, func(*http.Request)) {
	ctx, span := sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler)).Tracer("client").Start(ctx, "GET")
	return span.SpanContext(), func(r *http.Request) {
		r.Header.Del("Traceparent") // of the suite
		p.Inject(ctx, propagation.HeaderCarrier(r.Header))
	}
}

// otelServer starts the span of a request that has arrived with OpenTelemetry's SDK, as an instrumented server does.
func otelServer(p propagation.TextMapPropagator, r seen) (context.Context, sdktrace.ReadWriteSpan, oteltrace.SpanContext) {
	ctx := p.Extract(context.Background(), propagation.HeaderCarrier(r.Header))
	ctx, span := sdktrace.NewTracerProvider().Tracer("server").Start(ctx, "GET") // follows the caller's sampled flag
	recorded, _ := span.(sdktrace.ReadWriteSpan)
	return ctx, recorded, span.SpanContext()
}

func callerOf(sc oteltrace.SpanContext) caller {
	return caller{trace.TraceID(sc.TraceID()), trace.SpanID(sc.SpanID())}
}

// A client and a backend with OpenTelemetry's SDK are in one trace with the service between them.
func TestBetweenOpenTelemetrySDKs(t *testing.T) {
	const call = "/backend?to=backend&url=http://x/data"
	w3c := propagation.TraceContext{}
	state, err := oteltrace.ParseTraceState("vendor=a b,other@x=2")
	require.NoError(t, err)
	vendors := oteltrace.ContextWithRemoteSpanContext(t.Context(), oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
		TraceID: oteltrace.TraceID(newCaller().trace), SpanID: oteltrace.SpanID(newCaller().span), TraceFlags: oteltrace.FlagsSampled, TraceState: state}))

	t.Run("sampled", func(t *testing.T) {
		from, edit := otelClient(vendors, w3c, sdktrace.AlwaysSample())
		r := odd.get(t, "/default"+call, edit)
		require.Equal(t, 200, r.StatusCode, r.body)
		spans := odd.spans(t, trace.TraceID(from.TraceID()), 2)
		assert.Equal(t, trace.SpanID(from.SpanID()), spans.server(t).ParentSpanID)
		_, behind, sc := otelServer(w3c, backend.askedOnce(t, callerOf(from)))
		require.NotNil(t, behind)
		assert.Equal(t, from.TraceID(), sc.TraceID())
		assert.Equal(t, oteltrace.SpanID(spans.client(t).SpanContext.SpanID), behind.Parent().SpanID())
		assert.Equal(t, state.String(), sc.TraceState().String())
		assert.Equal(t, from.TraceFlags(), sc.TraceFlags())
	})

	// Only a trusted client decides. Those who follow the service see its decision, whether it recorded the request or not.
	for _, k := range []struct {
		setting string
		sampler sdktrace.Sampler
		sampled bool
	}{
		{"default", sdktrace.NeverSample(), true},
		{"never", sdktrace.AlwaysSample(), false},
		{"trusting", sdktrace.AlwaysSample(), true},
		{"trusting", sdktrace.NeverSample(), false},
	} {
		t.Run(k.setting+", "+k.sampler.Description(), func(t *testing.T) {
			from, edit := otelClient(t.Context(), w3c, k.sampler)
			odd.get(t, "/"+k.setting+call, edit)
			_, behind, sc := otelServer(w3c, backend.askedOnce(t, callerOf(from)))
			assert.Equal(t, from.TraceID(), sc.TraceID())
			assert.Equal(t, k.sampled, sc.IsSampled())
			assert.Equal(t, k.sampled, behind != nil)
		})
	}

	t.Run("one half", func(t *testing.T) {
		for range 100 { // until one is sampled
			from, edit := otelClient(t.Context(), w3c, sdktrace.AlwaysSample())
			odd.get(t, "/ratio-half"+call, edit)
			asked := backend.askedOnce(t, callerOf(from))
			_, _, sc := otelServer(w3c, asked)
			read, err := sampling.NewW3CTraceState(sc.TraceState().String())
			require.NoError(t, err)
			random, drawn := read.OTelValue().RValueRandomness()
			require.True(t, drawn)
			half, err := sampling.ProbabilityToThreshold(0.5)
			require.NoError(t, err)
			require.Equal(t, half.ShouldSample(random), sc.IsSampled(), "every sampler with this ratio decides as the service did")
			if sc.IsSampled() {
				require.InDelta(t, 2, read.OTelValue().AdjustedCount(), 0)
				return
			}
			require.Empty(t, read.OTelValue().TValue())
		}
		t.Error("none of 100 was sampled")
	})
}

// The same with B3 and baggage.
func TestBetweenOpenTelemetrySDKsWithB3(t *testing.T) {
	for name, format := range map[string]b3.Encoding{"single": b3.B3SingleHeader, "multi": b3.B3MultipleHeader} {
		t.Run(name, func(t *testing.T) {
			p := propagation.NewCompositeTextMapPropagator(b3.New(b3.WithInjectEncoding(format)), propagation.Baggage{})
			tenant, err := otelbaggage.NewMemberRaw("tenant", `Zoë & co, "Ltd"; 100%`)
			require.NoError(t, err)
			carried, err := otelbaggage.New(tenant)
			require.NoError(t, err)
			from, edit := otelClient(otelbaggage.ContextWithBaggage(t.Context(), carried), p, sdktrace.AlwaysSample())
			r := edge.get(t, "/again", edit)
			require.Equal(t, 200, r.StatusCode, r.body)
			spans := edge.spans(t, trace.TraceID(from.TraceID()), 3)
			assert.Equal(t, trace.SpanID(from.SpanID()), spans.server(t).ParentSpanID)
			asked := inventory.find(t, func(s seen) bool {
				return s.Header.Get("B3") != "" && s.Header.Get("B3")[:32] == from.TraceID().String()
			})
			ctx, behind, sc := otelServer(p, asked)
			require.NotNil(t, behind)
			assert.Equal(t, from.TraceID(), sc.TraceID())
			assert.Equal(t, oteltrace.SpanID(spans.under(spans.server(t))[1].SpanContext.SpanID), behind.Parent().SpanID())
			assert.Equal(t, tenant.Value(), otelbaggage.FromContext(ctx).Member("tenant").Value())
		})
	}
}
