package otelbridge_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// everything calls each method of a span.
func everything(span oteltrace.Span) {
	span.SetName("changed")
	span.SetStatus(codes.Error, "changed")
	span.SetAttributes(attribute.String("changed", "yes"))
	span.AddEvent("changed")
	span.AddEvent("changed", oteltrace.WithAttributes(attribute.Int("n", 1)))
	span.RecordError(errors.New("changed"), oteltrace.WithStackTrace(true))
	span.AddLink(oteltrace.Link{SpanContext: remote(1)})
	span.End()
	span.End(oteltrace.WithTimestamp(time.Unix(1, 0)))
}

func TestNothingHappensAfterEnd(t *testing.T) {
	b := newBridged()
	_, span := b.tracer.Start(t.Context(), "one")
	sc := span.SpanContext()
	span.End()
	require.False(t, span.IsRecording())
	want := b.Spans()

	everything(span)
	assert.Equal(t, want, b.Spans())
	assert.Equal(t, sc, span.SpanContext(), "it stays available after End")

	// The next span uses the same storage. The ended span must not write to it.
	_, next := b.tracer.Start(t.Context(), "next")
	everything(span)
	next.End()
	assert.Equal(t, "next [internal]\n", tracetest.Tree([]trace.SpanData{tracetest.Span(t, b.Spans(), "next")}))
}

func TestAttributesThatSayNothing(t *testing.T) {
	got := newBridged().one(t, func(span oteltrace.Span) {
		span.SetAttributes()
		span.SetAttributes(nil...)
		span.SetAttributes([]attribute.KeyValue{}...)
		span.SetAttributes(attribute.KeyValue{})
		span.SetAttributes(attribute.String("", "no key"))
		span.SetAttributes(attribute.KeyValue{Key: "no value"})
		span.AddEvent("", oteltrace.WithAttributes())
	}, oteltrace.WithAttributes(), oteltrace.WithLinks())
	assert.Equal(t, []trace.Attribute{{Key: "no value"}}, got.Attributes)
	assert.EqualValues(t, 2, got.DroppedAttributes, "the attributes without a key")
	assert.Len(t, got.Events, 1)
}

func TestMoreAttributesThanTheStackHolds(t *testing.T) {
	var many []attribute.KeyValue
	for i := range 200 {
		many = append(many, attribute.Int(fmt.Sprint("key", i), i))
	}
	got := newBridged().one(t, func(span oteltrace.Span) { span.SetAttributes(many...) })
	assert.Len(t, got.Attributes, 128)
	assert.EqualValues(t, 72, got.DroppedAttributes)
}

func TestUnsampledSpansKeepTheirContext(t *testing.T) {
	b := newBridged(trace.Config{Sampler: trace.Never()})
	ctx, span := b.tracer.Start(t.Context(), "unsampled")
	sc := span.SpanContext()
	assert.True(t, sc.IsValid())
	assert.False(t, sc.IsSampled())
	assert.False(t, span.IsRecording())
	assert.Equal(t, sc, oteltrace.SpanContextFromContext(ctx))

	_, child := b.tracer.Start(ctx, "child")
	assert.Equal(t, sc.TraceID(), child.SpanContext().TraceID())
	assert.False(t, child.IsRecording())
	everything(child)
	everything(span)
	assert.Empty(t, b.Spans())
}

func TestTrustParent(t *testing.T) {
	local := oteltrace.SpanContext.WithRemote
	tests := map[string]struct {
		parent  oteltrace.SpanContext
		trust   func(context.Context, oteltrace.SpanContext) bool
		sampled bool
	}{
		"a stranger's no":            {remote(0), nil, true},
		"a trusted no":               {remote(0), func(context.Context, oteltrace.SpanContext) bool { return true }, false},
		"a trusted yes":              {remote(1), func(context.Context, oteltrace.SpanContext) bool { return true }, true},
		"a no that was not trusted":  {remote(0), func(context.Context, oteltrace.SpanContext) bool { return false }, true},
		"a no from another tracer":   {local(remote(0), false), nil, false},
		"a yes from another tracer":  {local(remote(1), false), nil, true},
		"a panic trusts nobody else": {remote(0), func(context.Context, oteltrace.SpanContext) bool { panic("oops") }, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var reported error
			e := tracetest.NewExporter()
			tp := trace.NewTracerProvider(trace.Config{Exporter: e, OnError: func(err error) { reported = err }})
			tracer := otelbridge.NewTracerProvider(tp, otelbridge.Config{TrustParent: test.trust}).Tracer("t")
			_, span := tracer.Start(oteltrace.ContextWithSpanContext(t.Context(), test.parent), "one")
			span.End()
			assert.Equal(t, test.sampled, span.SpanContext().IsSampled())
			assert.Equal(t, test.parent.TraceID(), span.SpanContext().TraceID())
			if name == "a panic trusts nobody else" {
				assert.EqualError(t, reported, "otelbridge: panic in Config.TrustParent: oops")
			} else {
				assert.NoError(t, reported)
			}
		})
	}
}

func TestNilProviderPropagatesTheContext(t *testing.T) {
	for _, otp := range []*otelbridge.TracerProvider{otelbridge.NewTracerProvider(nil), new(otelbridge.TracerProvider)} {
		_, span := otp.Tracer("t").Start(oteltrace.ContextWithRemoteSpanContext(t.Context(), remote(1)), "one")
		everything(span)
		assert.Equal(t, remote(1), span.SpanContext())
		assert.NoError(t, otp.ForceFlush(t.Context()))
	}
}

func TestProviderWithoutExporterRecordsNothing(t *testing.T) {
	tracer := otelbridge.NewTracerProvider(trace.NewTracerProvider(trace.Config{})).Tracer("t")
	_, span := tracer.Start(t.Context(), "one")
	assert.False(t, span.IsRecording())
	assert.True(t, span.SpanContext().IsValid())
	everything(span)
}

type flusher struct {
	*tracetest.Exporter
	flushed int
}

func (f *flusher) Flush(context.Context) error { f.flushed++; return nil }

func TestForceFlush(t *testing.T) {
	f := &flusher{Exporter: tracetest.NewExporter()}
	otp := otelbridge.NewTracerProvider(trace.NewTracerProvider(trace.Config{Exporter: f}))
	require.NoError(t, otp.ForceFlush(t.Context()))
	assert.Equal(t, 1, f.flushed)
}

// The race detector checks this test.
func TestConcurrency(t *testing.T) {
	b := newBridged()
	ctx, root := b.tracer.Start(t.Context(), "root")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				ctx, span := b.tracer.Start(ctx, "child", oteltrace.WithAttributes(attribute.Int("i", i)))
				root.SetAttributes(attribute.Int(fmt.Sprint("key", i), i))
				root.AddEvent("event", oteltrace.WithAttributes(attribute.Int("i", i)))
				oteltrace.SpanFromContext(ctx).SetStatus(codes.Ok, "")
				_ = span.SpanContext()
				_ = root.IsRecording()
				_, n := trace.Start(ctx, "native")
				n.End()
				span.End()
				span.End()
			}
		})
		wg.Go(func() {
			b.otel.Tracer("another").Start(ctx, "never ended")
		})
	}
	wg.Wait()
	root.End()
	spans := b.Spans()
	assert.Len(t, tracetest.Named(spans, "child"), 160)
	assert.Len(t, tracetest.Named(spans, "native"), 160)
	assert.Empty(t, tracetest.Named(spans, "never ended"))
}
