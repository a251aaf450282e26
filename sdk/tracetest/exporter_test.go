package tracetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

func newProvider() (*trace.TracerProvider, *Exporter, *Clock) {
	exporter, clock := NewExporter(), NewClock()
	return trace.NewTracerProvider(trace.Config{Exporter: exporter, Clock: clock.Now, IDs: new(IDs), ServiceName: "shop"}), exporter, clock
}

func TestExporter(t *testing.T) {
	tp, exporter, _ := newProvider()
	require.Empty(t, exporter.Spans())
	for _, name := range []string{"first", "second"} {
		ctx, root := tp.Start(context.Background(), name, trace.StartConfig{})
		_, child := trace.Start(ctx, "child of "+name, trace.Bool("x", true))
		child.End()
		root.End()
	}
	require.Len(t, exporter.Batches(), 2)
	require.Same(t, tp.Resource(), exporter.Batches()[0].Resource)
	require.Equal(t, "first [internal]\n  child of first [internal]\n      x=true\nsecond [internal]\n  child of second [internal]\n      x=true\n", Tree(exporter.Spans()))
	AssertChildOf(t, Span(t, exporter.Spans(), "child of second"), Span(t, exporter.Spans(), "second"))

	exporter.Reset()
	require.Empty(t, exporter.Spans())
	require.Empty(t, exporter.Batches())
}

// TestExporterKeeps checks that exported spans stay unchanged when the provider uses its storage again, and equal what a
// decoder would return.
func TestExporterKeeps(t *testing.T) {
	tp, exporter, _ := newProvider()
	_, full := tp.Start(context.Background(), "full", trace.StartConfig{Attributes: []trace.Attribute{trace.Int("a", 1)}})
	full.AddEvent("e", trace.Int("b", 2))
	full.AddLink(trace.Link{SpanContext: full.SpanContext(), Attributes: []trace.Attribute{trace.Int("c", 3)}})
	full.RecordError(errors.New("boom"))
	full.End()
	first := exporter.Spans()

	_, empty := tp.Start(context.Background(), "empty", trace.StartConfig{})
	empty.AddEvent("bare")
	empty.End()
	require.Equal(t, first[0], exporter.Spans()[0])

	var e otlp.Encoder
	for _, b := range exporter.Batches() {
		decoded, err := otlp.Decode(e.Append(nil, &b))
		require.NoError(t, err)
		require.Equal(t, []trace.Batch{b}, decoded)
	}
}

func TestZeroExporter(t *testing.T) {
	var e Exporter
	tp := trace.NewTracerProvider(trace.Config{Exporter: &e, OnError: func(err error) { t.Error(err) }})
	_, span := tp.Start(context.Background(), "one", trace.StartConfig{})
	span.End()
	go func() {
		_, span := tp.Start(context.Background(), "two", trace.StartConfig{})
		span.End()
	}()
	require.Len(t, e.WaitFor(t, 2), 2)
	for n := range 3 { // one call of WaitFor, and several exports
		require.Len(t, e.Spans(), 2+2*n)
		for range 2 {
			_, span := tp.Start(context.Background(), "more", trace.StartConfig{})
			span.End()
		}
	}
}

func TestWaitFor(t *testing.T) {
	tp, exporter, _ := newProvider()
	var done sync.WaitGroup
	for range 20 {
		done.Add(1)
		go func() {
			defer done.Done()
			_, span := tp.Start(context.Background(), "s", trace.StartConfig{})
			span.End()
		}()
	}
	require.Len(t, exporter.WaitFor(t, 20), 20)
	done.Wait()

	f := new(fakeTB)
	exporter.Reset()
	exporter.waitFor(f, 1, time.Millisecond)
	require.Equal(t, []string{"want 1 exported spans; after 1ms there are no spans"}, f.fatals)
}

// TestWholeLine checks that, with Clock and IDs, a line is the same in each run.
func TestWholeLine(t *testing.T) {
	tp, exporter, clock := newProvider()
	ctx, root := tp.Start(context.Background(), "GET /", trace.StartConfig{Kind: trace.SpanKindServer})
	clock.Advance(1500 * time.Microsecond)
	_, child := trace.Start(ctx, "render")
	clock.Advance(time.Millisecond)
	child.End()
	root.End()

	var e otlp.Encoder
	require.Equal(t, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},`+
		`{"key":"telemetry.sdk.language","value":{"stringValue":"go"}},{"key":"telemetry.sdk.name","value":{"stringValue":"edgespan"}},`+
		`{"key":"telemetry.sdk.version","value":{"stringValue":"`+trace.Version+`"}}]},"scopeSpans":[{"scope":{"name":"github.com/edgespan/edgespan","version":"`+trace.Version+`"},`+
		`"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","flags":257,"name":"GET /","kind":2,`+
		`"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000002500000"},`+
		`{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","parentSpanId":"0000000000000001","flags":257,"name":"render","kind":1,`+
		`"startTimeUnixNano":"1700000000001500000","endTimeUnixNano":"1700000000002500000"}]}]}]}`, string(e.Append(nil, &exporter.Batches()[0])))
}

func TestClock(t *testing.T) {
	clock := NewClock()
	require.Equal(t, "2023-11-14T22:13:20Z", clock.Now().Format(time.RFC3339Nano))
	clock.Advance(time.Nanosecond)
	require.Equal(t, "2023-11-14T22:13:20.000000001Z", clock.Now().Format(time.RFC3339Nano))
	clock.Set(time.Unix(1, 0))
	clock.SetStep(time.Second)
	require.Equal(t, []int64{1, 2, 3}, []int64{clock.Now().Unix(), clock.Now().Unix(), clock.Now().Unix()})
}
