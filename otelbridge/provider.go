package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the bridge. The zero value works.
type Config struct {
	// TrustParent says whether a sampler may follow the sampled flag and the trace state of a remote parent, one that a
	// propagator has put into ctx. By default none is trusted, since anybody may send a traceparent. The trace is
	// continued in any case. Parents of this process are always trusted.
	TrustParent func(ctx context.Context, parent oteltrace.SpanContext) bool
}

// TracerProvider is an OpenTelemetry TracerProvider whose spans are those of Edgespan's. The zero value records nothing, and passes on
// what a context carries. Its methods may be called from any goroutine.
type TracerProvider struct {
	embedded.TracerProvider
	config Config
	tp     *trace.TracerProvider
}

// NewTracerProvider returns a [TracerProvider] whose spans are tp's, or the zero value where tp is nil. It is called before tp's first
// span, since it teaches the contexts of tp's spans to answer to OpenTelemetry. At most one [Config] is looked at.
func NewTracerProvider(tp *trace.TracerProvider, config ...Config) *TracerProvider {
	p := &TracerProvider{tp: tp}
	if len(config) > 0 {
		p.config = config[0]
	}
	tp.Bridge(p.contextValue)
	return p
}

// Tracer returns a tracer whose spans have name and version as their scope. Without a name the scope is Edgespan's own.
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

// ForceFlush makes the exporter hand on what it holds back: it is [trace.TracerProvider.Flush].
func (p *TracerProvider) ForceFlush(ctx context.Context) error { return p.tp.Flush(ctx) }

// trusts asks Config.TrustParent. Where it panics, it has said no.
func (p *TracerProvider) trusts(ctx context.Context, parent oteltrace.SpanContext) bool {
	if !parent.IsRemote() {
		return true // another tracer of this process has decided
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
