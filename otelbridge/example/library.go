package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// library stands for an instrumented library that uses all of the API. It writes what the API returns, so that a test can
// compare that with the trace.
func library(ctx context.Context, w io.Writer) {
	tracer := otel.Tracer("example.com/library", oteltrace.WithInstrumentationVersion("v1.2.3"),
		oteltrace.WithSchemaURL("https://opentelemetry.io/schemas/1.43.0"))
	current := oteltrace.SpanFromContext(ctx) // the middleware's span
	current.SetAttributes(attribute.Bool("library.was.here", true))

	start := time.Now().Add(-time.Second).Truncate(time.Microsecond)
	_, span := tracer.Start(ctx, "name to be replaced",
		oteltrace.WithSpanKind(oteltrace.SpanKindProducer),
		oteltrace.WithTimestamp(start),
		oteltrace.WithLinks(oteltrace.Link{SpanContext: current.SpanContext(), Attributes: []attribute.KeyValue{attribute.Int("link", 1)}}),
		oteltrace.WithAttributes(attribute.String("string", "text"), attribute.Int("int", 7)))
	span.SetName("library")
	span.SetAttributes(
		attribute.Bool("bool", true), attribute.Float64("float", 0.5),
		attribute.StringSlice("strings", []string{"a", "b"}), attribute.IntSlice("ints", []int{1, 2}),
		attribute.BoolSlice("bools", []bool{true, false}), attribute.Float64Slice("floats", []float64{0.5, 1.5}),
		attribute.ByteSlice("bytes", []byte{0xff, 0}), attribute.Map("map", attribute.Int("a", 1)),
		attribute.Slice("mixed", attribute.StringValue("a"), attribute.IntValue(1)), attribute.KeyValue{Key: "empty"},
	)
	span.AddEvent("event")
	span.AddEvent("event at a time", oteltrace.WithTimestamp(start.Add(time.Millisecond)), oteltrace.WithAttributes(attribute.Int("n", 1)))
	span.RecordError(errors.New("not fatal"), oteltrace.WithStackTrace(true))
	span.AddLink(oteltrace.Link{SpanContext: current.SpanContext()})
	span.SetStatus(codes.Error, "failed")
	recording := span.IsRecording()
	_, more := span.TracerProvider().Tracer("example.com/another").Start(oteltrace.ContextWithSpan(ctx, span), "of the span's provider")
	more.End()
	_, root := tracer.Start(ctx, "new root", oteltrace.WithNewRoot())
	root.End()
	recovered := panics(ctx, tracer)
	span.End(oteltrace.WithTimestamp(start.Add(2 * time.Second)))
	span.SetName("too late")
	span.End()

	fmt.Fprintf(w, "%s %s %t %t %s %v", span.SpanContext().TraceID(), span.SpanContext().SpanID(), recording, span.IsRecording(),
		root.SpanContext().TraceID(), recovered)
}

// panics ends its span while it panics, and returns the recovered value.
func panics(ctx context.Context, tracer oteltrace.Tracer) (recovered any) {
	defer func() { recovered = recover() }()
	_, span := tracer.Start(ctx, "panic")
	defer span.End()
	panic("broken")
}
