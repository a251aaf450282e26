package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the bridge. The zero value is ready to use.
type Config struct {
	// TrustParent reports whether the sampler may follow the sampled flag and the trace state of parent, a remote span context
	// that a propagator has put into ctx. If it is nil, or if it panics, no remote parent is trusted, since anybody can send a
	// traceparent. The trace is continued in either case. Parents in this process are always trusted.
	TrustParent func(ctx context.Context, parent oteltrace.SpanContext) bool
}

// TracerProvider is an OpenTelemetry TracerProvider that starts Edgespan's spans,
// https://opentelemetry.io/docs/specs/otel/trace/api/. The zero value records nothing and propagates the span context in a
// context. Its methods may be called from any goroutine.
type TracerProvider struct {
	embedded.TracerProvider
	config Config
	tp     *trace.TracerProvider
}

// NewTracerProvider returns a [TracerProvider] that starts its spans with tp. Call it before tp starts its first span, since it
// makes the contexts of tp's spans visible to OpenTelemetry. If tp is nil, the result records nothing. NewTracerProvider uses
// the first [Config], or the zero Config if there is none.
func NewTracerProvider(tp *trace.TracerProvider, config ...Config) *TracerProvider {
	p := &TracerProvider{tp: tp}
	if len(config) > 0 {
		p.config = config[0]
	}
	tp.Bridge(p.contextValue)
	return p
}

// Tracer returns a tracer whose spans have the instrumentation scope name, with the version in options. If name is empty, the
// scope is Edgespan's own. The options for a schema URL and attributes are ignored.
func (p *TracerProvider) Tracer(name string, options ...oteltrace.TracerOption) oteltrace.Tracer {
	if p.tp == nil {
		return noop.Tracer{}
	}
	t := &tracer{p: p}
	if name != "" {
		config := oteltrace.NewTracerConfig(options...)
		t.scope = &trace.Scope{Name: name, Version: config.InstrumentationVersion()}
	}
	return t
}

// ForceFlush sends the spans that the exporter holds back: it calls [trace.TracerProvider.Flush].
func (p *TracerProvider) ForceFlush(ctx context.Context) error { return p.tp.Flush(ctx) }

// trusts calls Config.TrustParent. A panic there counts as false.
func (p *TracerProvider) trusts(ctx context.Context, parent oteltrace.SpanContext) bool {
	if !parent.IsRemote() {
		return true // another tracer in this process has decided
	}
	if p.config.TrustParent == nil {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			p.tp.ReportError(&configError{v})
		}
	}()
	return p.config.TrustParent(ctx, parent)
}

type configError struct{ value any }

func (e *configError) Error() string {
	return "otelbridge: panic in Config.TrustParent: " + fault.Message(e.value)
}
