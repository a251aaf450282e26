package otelexport

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures an [Exporter]. The zero value works.
type Config struct {
	// Timeout bounds one call of ExportSpans, from when it is made; 10 s by default, as OTLP's exporters have it, and negative for no
	// limit. It is the SpanExporter that has to keep it.
	Timeout time.Duration
}

// Exporter is a [trace.Exporter] and [trace.Flusher] that hands spans to an OpenTelemetry SpanExporter. Its methods may be called
// from any goroutine; ExportSpans is called by one at a time, as its contract asks.
type Exporter struct {
	next    sdktrace.SpanExporter
	timeout time.Duration

	turn     chan struct{} // has the token of whoever calls next, and guards what follows
	down     bool
	from     *trace.Resource // what resource was made of: a provider has one
	resource *resource.Resource
}

// ErrShutdown is what an [Exporter] says to spans that come after Shutdown.
var ErrShutdown = errors.New("otelexport: the exporter has been shut down")

// NewExporter returns an [Exporter]. At most one [Config] is looked at.
func NewExporter(next sdktrace.SpanExporter, config ...Config) *Exporter {
	e := &Exporter{next: next, timeout: 10 * time.Second, turn: make(chan struct{}, 1)}
	if len(config) > 0 && config[0].Timeout != 0 {
		e.timeout = config[0].Timeout
	}
	return e
}

// Export hands on the spans of b, when those who came before have had their turn. The request that made them may be over, so ctx
// lends its values and not its end.
func (e *Exporter) Export(ctx context.Context, b *trace.Batch) error {
	ctx = context.WithoutCancel(ctx)
	_ = e.take(ctx)
	defer e.pass()
	if e.down {
		return ErrShutdown
	}
	if e.timeout > 0 { // which waiting for others has not used up
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.timeout)
		defer cancel()
	}
	return e.next.ExportSpans(ctx, spans(b, e.resourceOf(b)))
}

// Flush makes the SpanExporter hand on what it holds back, where it has a method ForceFlush. Few have. It waits for those who came
// before until ctx is done.
func (e *Exporter) Flush(ctx context.Context) error {
	f, ok := e.next.(interface{ ForceFlush(context.Context) error })
	if !ok {
		return nil
	}
	if err := e.take(ctx); err != nil {
		return err
	}
	defer e.pass()
	return f.ForceFlush(ctx)
}

// Shutdown shuts the SpanExporter down, once. Spans that come later are refused with [ErrShutdown]. It waits for those who came
// before until ctx is done: then nothing is shut down, and it may be called again.
func (e *Exporter) Shutdown(ctx context.Context) error {
	if err := e.take(ctx); err != nil {
		return err
	}
	defer e.pass()
	if e.down {
		return nil
	}
	e.down = true
	return e.next.Shutdown(ctx)
}

// take waits for the turn, or for the end of ctx. One that is free is had in any case: the SpanExporter looks at ctx itself.
func (e *Exporter) take(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case e.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Exporter) pass() { <-e.turn }

// resourceOf returns the batch's resource. Making one sorts its attributes, so it is kept.
func (e *Exporter) resourceOf(b *trace.Batch) *resource.Resource {
	if b.Resource == nil {
		return resource.Empty()
	}
	if e.from != b.Resource {
		e.from = b.Resource
		e.resource = resource.NewSchemaless(convert.AttributesToOTel(b.Resource.Attributes)...)
	}
	return e.resource
}
