package trigger

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestRun(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	ctx := context.Background()
	failure := errors.New("no")
	run := func(f func(context.Context) error) error {
		return Run(ctx, tp, "process jobs", trace.SpanKindConsumer, f, trace.String("faas.trigger", "pubsub"))
	}

	require.NoError(t, run(func(ctx context.Context) error {
		_, span := trace.Start(ctx, "work")
		span.End()
		return nil
	}))
	spans := exporter.Spans()
	require.Len(t, spans, 2)
	tracetest.AssertChildOf(t, spans[1], spans[0])
	tracetest.AssertAttributes(t, spans[0], trace.String("faas.trigger", "pubsub"))
	assert.Equal(t, trace.SpanKindConsumer, spans[0].Kind)
	tracetest.AssertStatus(t, spans[0], trace.StatusUnset, "")

	exporter.Reset()
	require.Equal(t, failure, run(func(context.Context) error { return failure }))
	tracetest.AssertStatus(t, exporter.Spans()[0], trace.StatusError, "no")

	exporter.Reset()
	require.PanicsWithValue(t, "boom", func() { _ = run(func(context.Context) error { panic("boom") }) })
	span := exporter.Spans()[0]
	tracetest.AssertStatus(t, span, trace.StatusError, "boom")
	tracetest.AssertEvent(t, span, trace.ExceptionEvent, trace.String("exception.message", "boom"))

	require.NoError(t, Run(ctx, nil, "untraced", trace.SpanKindInternal, func(context.Context) error { return nil }))
}
