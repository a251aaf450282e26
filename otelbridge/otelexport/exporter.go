package otelexport

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultTimeout bounds one export, as OTLP's exporters have it.
const DefaultTimeout = 10 * time.Second

// Config configures an Exporter. The zero value works.
type Config struct {
	// Timeout bounds one call of ExportSpans; zero means DefaultTimeout, a negative one no limit. It is the SpanExporter
	// that has to keep it.
	Timeout time.Duration
}

// Exporter is a trace.Exporter and trace.Flusher that hands spans to an OpenTelemetry SpanExporter. Its methods may be called
// from any goroutine; ExportSpans is called by one at a time, as its contract asks.
type Exporter struct {
	next    sdktrace.SpanExporter
	timeout time.Duration

	mu       sync.Mutex
	down     bool
	from     *trace.Resource // what resource was made of: a provider has one
	resource *resource.Resource
}

// ErrShutdown is what an Exporter says to spans that come after Shutdown.
var ErrShutdown = errors.New("otelexport: the exporter has been shut down")

// NewExporter returns an Exporter. At most one Config is looked at.
func NewExporter(next sdktrace.SpanExporter, config ...Config) *Exporter {
	e := &Exporter{next: next, timeout: DefaultTimeout}
	if len(config) > 0 && config[0].Timeout != 0 {
		e.timeout = config[0].Timeout
	}
	return e
}

// Export hands on the spans of b. The request that made them may be over, so ctx lends its values and not its end.
func (e *Exporter) Export(ctx context.Context, b *trace.Batch) error {
	ctx = context.WithoutCancel(ctx)
	if e.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.timeout)
		defer cancel()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.down {
		return ErrShutdown
	}
	return e.next.ExportSpans(ctx, spans(b, e.resourceOf(b)))
}

// Flush makes the SpanExporter hand on what it holds back, where it has a method ForceFlush. Few have.
func (e *Exporter) Flush(ctx context.Context) error {
	f, ok := e.next.(interface{ ForceFlush(context.Context) error })
	if !ok {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return f.ForceFlush(ctx)
}

// Shutdown shuts the SpanExporter down, once. Spans that come later are refused with ErrShutdown.
func (e *Exporter) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.down {
		return nil
	}
	e.down = true
	return e.next.Shutdown(ctx)
}

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
