package otelexport_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltracetest "go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge/otelexport"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

var (
	_ trace.Exporter   = (*otelexport.Exporter)(nil)
	_ trace.Flusher    = (*otelexport.Exporter)(nil)
	_ trace.Shutdowner = (*otelexport.Exporter)(nil)
)

func TestBatch(t *testing.T) {
	state, err := trace.ParseTraceState("a=1")
	require.NoError(t, err)
	id := trace.TraceID{1}
	b := &trace.Batch{
		Resource: trace.NewResource([]trace.Attribute{trace.String("service.name", "test")}),
		Spans: []trace.SpanData{{
			SpanContext:  trace.SpanContext{TraceID: id, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagSampled, TraceState: state},
			ParentSpanID: trace.SpanID{9}, ParentRemote: true,
			Name: "root", Kind: trace.SpanKindServer, Start: 1, End: 5,
			Status:            trace.Status{Code: trace.StatusError, Description: "why"},
			Attributes:        []trace.Attribute{trace.Strings("list", "a", "b")},
			Events:            []trace.Event{{Name: "event", Time: 2, Attributes: []trace.Attribute{trace.Int("n", 1)}, DroppedAttributes: 4}},
			Links:             []trace.Link{{SpanContext: trace.SpanContext{TraceID: trace.TraceID{2}, SpanID: trace.SpanID{3}}, DroppedAttributes: 5}},
			DroppedAttributes: 1, DroppedEvents: 2, DroppedLinks: 3,
		}, {
			SpanContext:  trace.SpanContext{TraceID: id, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagSampled},
			ParentSpanID: trace.SpanID{1}, Name: "child", Kind: trace.SpanKindClient, Start: 2,
			Status: trace.Status{Code: trace.StatusOK}, Scope: &trace.Scope{Name: "library", Version: "v1"},
		}},
	}
	memory := oteltracetest.NewInMemoryExporter()
	require.NoError(t, otelexport.NewExporter(memory).Export(t.Context(), b))

	otelState, _ := oteltrace.ParseTraceState("a=1")
	root := oteltrace.NewSpanContext(oteltrace.SpanContextConfig{TraceID: oteltrace.TraceID{1}, SpanID: oteltrace.SpanID{1}, TraceFlags: 1, TraceState: otelState})
	stubs := memory.GetSpans()
	require.Len(t, stubs, 2)
	assert.Same(t, stubs[0].Resource, stubs[1].Resource)
	for i := range stubs {
		assert.Equal(t, `service.name=test`, stubs[i].Resource.Encoded(attribute.DefaultEncoder()))
		stubs[i].Resource = nil
		//lint:ignore SA1019 old exporters may read it
		assert.Equal(t, stubs[i].InstrumentationScope, stubs[i].InstrumentationLibrary)
		//lint:ignore SA1019 compared above
		stubs[i].InstrumentationLibrary = instrumentation.Scope{}
	}
	assert.Equal(t, oteltracetest.SpanStubs{{
		Name: "root", SpanContext: root, Parent: root.WithSpanID(oteltrace.SpanID{9}).WithRemote(true), SpanKind: oteltrace.SpanKindServer,
		StartTime: time.Unix(0, 1), EndTime: time.Unix(0, 5), Status: sdktrace.Status{Code: codes.Error, Description: "why"},
		Attributes: []attribute.KeyValue{attribute.StringSlice("list", []string{"a", "b"})},
		Events:     []sdktrace.Event{{Name: "event", Time: time.Unix(0, 2), Attributes: []attribute.KeyValue{attribute.Int("n", 1)}, DroppedAttributeCount: 4}},
		Links: []sdktrace.Link{{DroppedAttributeCount: 5, SpanContext: oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
			TraceID: oteltrace.TraceID{2}, SpanID: oteltrace.SpanID{3},
		})}},
		DroppedAttributes: 1, DroppedEvents: 2, DroppedLinks: 3, ChildSpanCount: 1,
		InstrumentationScope: instrumentation.Scope{Name: trace.ScopeName, Version: trace.Version},
	}, {
		Name: "child", Parent: root, SpanKind: oteltrace.SpanKindClient, StartTime: time.Unix(0, 2),
		SpanContext: root.WithSpanID(oteltrace.SpanID{2}).WithTraceState(oteltrace.TraceState{}),
		Status:      sdktrace.Status{Code: codes.Ok}, InstrumentationScope: instrumentation.Scope{Name: "library", Version: "v1"},
	}}, stubs)
}

// The provider reuses a batch after Export has returned, but a SpanExporter may keep the spans that it was given.
func TestNothingIsSharedWithTheBatch(t *testing.T) {
	memory := oteltracetest.NewInMemoryExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: otelexport.NewExporter(memory)})
	for _, name := range []string{"first", "second"} {
		_, span := tp.Start(t.Context(), name, trace.StartConfig{Attributes: []trace.Attribute{trace.String("name", name)}})
		span.AddEvent(name, trace.String("name", name))
		span.End()
	}
	for i, name := range []string{"first", "second"} {
		got := memory.GetSpans()[i]
		assert.Equal(t, name, got.Name)
		assert.Equal(t, []attribute.KeyValue{attribute.String("name", name)}, got.Attributes)
		assert.Equal(t, name, got.Events[0].Name)
	}
}

// spy is a SpanExporter that records its calls.
type spy struct {
	export   func(ctx context.Context) error
	mu       sync.Mutex
	inside   int
	most     int
	shutdown int
	flushed  int
}

func (s *spy) ExportSpans(ctx context.Context, _ []sdktrace.ReadOnlySpan) error {
	s.mu.Lock()
	s.inside++
	s.most = max(s.most, s.inside)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.inside--; s.mu.Unlock() }()
	if s.export != nil {
		return s.export(ctx)
	}
	return nil
}

func (s *spy) Shutdown(context.Context) error   { s.shutdown++; return errors.New("down") }
func (s *spy) ForceFlush(context.Context) error { s.flushed++; return errors.New("flushed") }

func TestShutdownAndFlush(t *testing.T) {
	s := new(spy)
	e := otelexport.NewExporter(s)
	tp := trace.NewTracerProvider(trace.Config{Exporter: e})
	require.EqualError(t, tp.Flush(t.Context()), "flushed")
	require.EqualError(t, e.Shutdown(t.Context()), "down")
	require.NoError(t, e.Shutdown(t.Context()), "once")
	assert.Equal(t, 1, s.shutdown)
	assert.ErrorIs(t, e.Export(t.Context(), new(trace.Batch)), otelexport.ErrShutdown)

	plain := otelexport.NewExporter(new(oteltracetest.NoopExporter))
	assert.NoError(t, plain.Flush(t.Context()), "there is nothing to flush")
}

// The request that made the spans may be over and its context canceled. The SpanExporter's context must not be.
func TestTheContextIsAlive(t *testing.T) {
	type key struct{}
	var err error
	var value any
	var deadline time.Time
	s := &spy{export: func(ctx context.Context) error {
		err, value = ctx.Err(), ctx.Value(key{})
		deadline, _ = ctx.Deadline()
		return errors.New("refused")
	}}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, 1))
	cancel()
	require.EqualError(t, otelexport.NewExporter(s).Export(ctx, new(trace.Batch)), "refused")
	assert.NoError(t, err)
	assert.Equal(t, 1, value)
	assert.False(t, deadline.IsZero())

	_ = otelexport.NewExporter(s, otelexport.Config{Timeout: -1}).Export(ctx, new(trace.Batch))
	assert.True(t, deadline.IsZero(), "no limit")
}

func TestOneCallAtATime(t *testing.T) {
	s := &spy{export: func(context.Context) error { time.Sleep(time.Millisecond); return nil }}
	tp := trace.NewTracerProvider(trace.Config{Exporter: otelexport.NewExporter(s)})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, span := tp.Start(t.Context(), "one", trace.StartConfig{})
			span.End()
		})
	}
	wg.Wait()
	assert.Equal(t, 1, s.most)
	assert.EqualValues(t, 8, tp.Stats().ExportedSpans)
}

func TestBatchWithoutResource(t *testing.T) {
	memory := oteltracetest.NewInMemoryExporter()
	e := otelexport.NewExporter(memory)
	own := tracetest.NewExporter()
	_, span := trace.NewTracerProvider(trace.Config{Exporter: own}).Start(t.Context(), "one", trace.StartConfig{})
	span.End()
	require.NoError(t, e.Export(t.Context(), &trace.Batch{Spans: own.Spans()}))
	assert.Zero(t, memory.GetSpans()[0].Resource.Len())
}
