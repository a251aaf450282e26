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

// Config configures an [Exporter]. The zero value is ready to use.
type Config struct {
	// Timeout is the deadline of the context that each call of ExportSpans gets, counted from the start of the call. The
	// default is 10 s, as in OpenTelemetry's OTLP exporters; a negative value means no deadline. The SpanExporter is
	// responsible for keeping it.
	Timeout time.Duration
}

// Exporter is a [trace.Exporter] and a [trace.Flusher] that exports with an OpenTelemetry SpanExporter. Its methods may be
// called from any goroutine. Calls of ExportSpans never overlap, as the contract of SpanExporter requires.
type Exporter struct {
	next    sdktrace.SpanExporter
	timeout time.Duration

	turn     chan struct{} // holds one token: whoever has put it in may use the SpanExporter and the fields below
	down     bool
	from     *trace.Resource // the resource that the field resource was converted from
	resource *resource.Resource
}

// ErrShutdown is the error of [Exporter.Export] after [Exporter.Shutdown].
var ErrShutdown = errors.New("otelexport: the exporter has been shut down")

// NewExporter returns an [Exporter] that exports with next. It uses the first [Config], or the zero Config if there is none.
func NewExporter(next sdktrace.SpanExporter, config ...Config) *Exporter {
	e := &Exporter{next: next, timeout: 10 * time.Second, turn: make(chan struct{}, 1)}
	if len(config) > 0 && config[0].Timeout != 0 {
		e.timeout = config[0].Timeout
	}
	return e
}

// Export passes the spans of b to ExportSpans and returns its error. It waits until earlier calls have returned. The request
// that made the spans may be over, so ExportSpans gets the values of ctx but neither its deadline nor its cancellation.
func (e *Exporter) Export(ctx context.Context, b *trace.Batch) error {
	ctx = context.WithoutCancel(ctx)
	_ = e.take(ctx)
	defer e.pass()
	if e.down {
		return ErrShutdown
	}
	if e.timeout > 0 { // the time spent waiting for other calls does not count
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.timeout)
		defer cancel()
	}
	return e.next.ExportSpans(ctx, spans(b, e.resourceOf(b)))
}

// Flush calls the SpanExporter's method ForceFlush, if it has one, which few do. It waits for earlier calls. If ctx is done
// first, it returns ctx's error.
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

// Shutdown shuts the SpanExporter down. A second call does nothing. Spans that are exported later are refused with
// [ErrShutdown]. Shutdown waits for earlier calls. If ctx is done first, it returns ctx's error without shutting anything
// down, and you may call it again.
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

// take waits until it may use the SpanExporter, or until ctx is done. If it does not have to wait, it succeeds even with a ctx
// that is done: the SpanExporter checks ctx itself.
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

// resourceOf returns the batch's resource. It keeps the last one, since making one sorts the attributes.
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
