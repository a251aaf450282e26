package otelbridge_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestStartOptions(t *testing.T) {
	at := time.Unix(1_600_000_000, 5)
	to := remote(1)
	got := newBridged().one(t, func(oteltrace.Span) {},
		oteltrace.WithSpanKind(oteltrace.SpanKindProducer),
		oteltrace.WithAttributes(attribute.String("a", "1"), attribute.Int("b", 2)),
		oteltrace.WithAttributes(attribute.String("a", "3")),
		oteltrace.WithTimestamp(at),
		oteltrace.WithLinks(
			oteltrace.Link{SpanContext: to, Attributes: []attribute.KeyValue{attribute.Bool("c", true)}},
			oteltrace.Link{}, // has no content, so it is ignored
		),
	)
	assert.Equal(t, trace.SpanKindProducer, got.Kind)
	assert.Equal(t, []trace.Attribute{trace.String("a", "3"), trace.Int("b", 2)}, got.Attributes)
	assert.Equal(t, at.UnixNano(), got.Start)
	assert.Equal(t, []trace.Link{{
		SpanContext: trace.SpanContext{TraceID: trace.TraceID(to.TraceID()), SpanID: trace.SpanID(to.SpanID()), TraceFlags: 1, Remote: true},
		Attributes:  []trace.Attribute{trace.Bool("c", true)},
	}}, got.Links)
	assert.Zero(t, got.DroppedLinks)
	assert.Equal(t, &trace.Scope{Name: "example.com/library", Version: "v1.2.3"}, got.Scope)
}

func TestKinds(t *testing.T) {
	for otel, want := range map[oteltrace.SpanKind]trace.SpanKind{
		oteltrace.SpanKindUnspecified: trace.SpanKindInternal,
		oteltrace.SpanKindInternal:    trace.SpanKindInternal,
		oteltrace.SpanKindServer:      trace.SpanKindServer,
		oteltrace.SpanKindClient:      trace.SpanKindClient,
		oteltrace.SpanKindProducer:    trace.SpanKindProducer,
		oteltrace.SpanKindConsumer:    trace.SpanKindConsumer,
		-1:                            trace.SpanKindInternal,
		1000:                          trace.SpanKindInternal,
	} {
		got := newBridged().one(t, func(oteltrace.Span) {}, oteltrace.WithSpanKind(otel))
		assert.Equal(t, want, got.Kind, "%d", otel)
	}
}

func TestScopeWithoutName(t *testing.T) {
	b := newBridged()
	_, span := b.otel.Tracer("", oteltrace.WithInstrumentationVersion("v1")).Start(t.Context(), "one")
	span.End()
	assert.Nil(t, tracetest.Span(t, b.Spans(), "one").Scope, "Edgespan's own")
}

func TestEvents(t *testing.T) {
	b := newBridged()
	start := b.clock.Now()
	got := b.one(t, func(span oteltrace.Span) {
		b.clock.Advance(time.Millisecond)
		span.AddEvent("bare")
		b.clock.Advance(time.Millisecond)
		span.AddEvent("with attributes", oteltrace.WithAttributes(attribute.Int("n", 1)))
		span.AddEvent("at a time", oteltrace.WithTimestamp(start.Add(time.Hour)))
		span.AddEvent("with a stack", oteltrace.WithStackTrace(true))
	})
	require.Len(t, got.Events, 4)
	assert.Equal(t, trace.Event{Name: "bare", Time: start.Add(time.Millisecond).UnixNano()}, got.Events[0])
	assert.Equal(t, trace.Event{
		Name: "with attributes", Time: start.Add(2 * time.Millisecond).UnixNano(), Attributes: []trace.Attribute{trace.Int("n", 1)},
	}, got.Events[1], "by the clock of the trace")
	assert.Equal(t, start.Add(time.Hour).UnixNano(), got.Events[2].Time)
	require.Len(t, got.Events[3].Attributes, 1)
	assert.Equal(t, "exception.stacktrace", got.Events[3].Attributes[0].Key)
	assert.Contains(t, got.Events[3].Attributes[0].Value.Str(), "TestEvents")
}

type ownError struct{ text string }

func (e ownError) Error() string { return e.text }

func TestRecordError(t *testing.T) {
	b := newBridged()
	at := b.clock.Now().Add(time.Second)
	got := b.one(t, func(span oteltrace.Span) {
		span.RecordError(nil)
		span.RecordError(errors.New("plain"))
		span.RecordError(ownError{"own"}, oteltrace.WithAttributes(attribute.Int("n", 1)), oteltrace.WithTimestamp(at))
		span.RecordError(errors.New("deep"), oteltrace.WithStackTrace(true))
	})
	require.Len(t, got.Events, 3)
	assert.Equal(t, []trace.Attribute{
		trace.String("exception.type", "*errors.errorString"), trace.String("exception.message", "plain"),
	}, got.Events[0].Attributes)
	assert.Equal(t, trace.Event{Name: "exception", Time: at.UnixNano(), Attributes: []trace.Attribute{
		trace.Int("n", 1),
		trace.String("exception.type", "github.com/edgespan/edgespan/otelbridge_test.ownError"), trace.String("exception.message", "own"),
	}}, got.Events[1])
	require.Len(t, got.Events[2].Attributes, 3)
	assert.Contains(t, got.Events[2].Attributes[2].Value.Str(), "TestRecordError")
	assert.Equal(t, trace.Status{}, got.Status, "an error does not fail the span")
}

func TestStatusPrecedence(t *testing.T) {
	type set struct {
		code codes.Code
		text string
	}
	tests := map[string]struct {
		sets []set
		want trace.Status
	}{
		"never":                    {nil, trace.Status{}},
		"error":                    {[]set{{codes.Error, "a"}}, trace.Status{Code: trace.StatusError, Description: "a"}},
		"ok has no text":           {[]set{{codes.Ok, "a"}}, trace.Status{Code: trace.StatusOK}},
		"a later error counts":     {[]set{{codes.Error, "a"}, {codes.Error, "b"}}, trace.Status{Code: trace.StatusError, Description: "b"}},
		"one that says nothing":    {[]set{{codes.Error, "a"}, {codes.Error, ""}}, trace.Status{Code: trace.StatusError, Description: "a"}},
		"ok is above error":        {[]set{{codes.Error, "a"}, {codes.Ok, ""}}, trace.Status{Code: trace.StatusOK}},
		"ok is final":              {[]set{{codes.Ok, ""}, {codes.Error, "a"}}, trace.Status{Code: trace.StatusOK}},
		"unset takes nothing back": {[]set{{codes.Error, "a"}, {codes.Unset, ""}}, trace.Status{Code: trace.StatusError, Description: "a"}},
		"unknown is nothing":       {[]set{{codes.Code(99), "a"}}, trace.Status{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := newBridged().one(t, func(span oteltrace.Span) {
				for _, s := range test.sets {
					span.SetStatus(s.code, s.text)
				}
			})
			assert.Equal(t, test.want, got.Status)
		})
	}
}

func TestEndOptions(t *testing.T) {
	b := newBridged()
	at := b.clock.Now().Add(time.Minute)
	_, span := b.tracer.Start(t.Context(), "one")
	span.SetName("two")
	span.AddLink(oteltrace.Link{SpanContext: remote(0)})
	span.AddLink(oteltrace.Link{})
	span.AddLink(oteltrace.Link{Attributes: []attribute.KeyValue{attribute.Int("to", 0)}})
	state, err := oteltrace.ParseTraceState("a=1")
	require.NoError(t, err)
	span.AddLink(oteltrace.Link{SpanContext: oteltrace.SpanContext{}.WithTraceState(state)})
	span.End(oteltrace.WithTimestamp(at))
	got := tracetest.Span(t, b.Spans(), "two")
	assert.Equal(t, at.UnixNano(), got.End)
	want, err := trace.ParseTraceState("a=1")
	require.NoError(t, err)
	assert.Equal(t, []trace.Link{
		{SpanContext: convert.SpanContextFromOTel(remote(0))},
		{Attributes: []trace.Attribute{trace.Int("to", 0)}},
		{SpanContext: trace.SpanContext{TraceState: want}},
	}, got.Links, "a link to no span is kept for what it says")
	assert.Zero(t, got.DroppedLinks)
}

func TestEndRecordsAPanicThatContinues(t *testing.T) {
	b := newBridged()
	for name, program := range map[string]func(){
		"error": func() {
			_, span := b.tracer.Start(t.Context(), "error")
			defer span.End()
			panic(ownError{"broken"})
		},
		"number": func() {
			_, span := b.tracer.Start(t.Context(), "number")
			defer span.End(oteltrace.WithStackTrace(true))
			panic(42)
		},
	} {
		func() {
			defer func() { assert.NotNil(t, recover(), name) }()
			program()
		}()
	}
	tracetest.AssertEvent(t, tracetest.Span(t, b.Spans(), "error"), "exception",
		trace.String("exception.type", "github.com/edgespan/edgespan/otelbridge_test.ownError"), trace.String("exception.message", "broken"))
	number := tracetest.Span(t, b.Spans(), "number")
	tracetest.AssertEvent(t, number, "exception", trace.String("exception.type", "int"), trace.String("exception.message", "42"))
	assert.Len(t, number.Events[0].Attributes, 3)
}
