package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the bridge. The zero value works.
type Config struct {
	// TrustParent says whether a sampler may follow the sampled flag and the trace state of a remote parent, one that a
	// propagator has put into ctx. By default none is trusted, since anybody may send a traceparent. The trace is
	// continued in any case. Parents of this process are always trusted.
	TrustParent func(ctx context.Context, parent oteltrace.SpanContext) bool
}

// NewTracerProvider returns an OpenTelemetry TracerProvider whose spans are tp's. It is called before tp's first span, since
// it teaches the contexts of tp's spans to answer to OpenTelemetry. At most one Config is looked at. A nil tp records
// nothing, and passes on what a context carries.
//
// What it returns also has a method ForceFlush(context.Context) error.
func NewTracerProvider(tp *trace.TracerProvider, config ...Config) oteltrace.TracerProvider {
	if tp == nil {
		return noop.NewTracerProvider()
	}
	p := &provider{tp: tp}
	if len(config) > 0 {
		p.Config = config[0]
	}
	tp.Bridge(p.contextValue)
	return p
}

type provider struct {
	embedded.TracerProvider
	Config
	tp *trace.TracerProvider
}

// Tracer returns a tracer whose spans have name and version as their scope. Without a name the scope is Edgespan's own.
func (p *provider) Tracer(name string, options ...oteltrace.TracerOption) oteltrace.Tracer {
	t := &tracer{p: p}
	if name != "" {
		config := oteltrace.NewTracerConfig(options...)
		t.scope = &trace.Scope{Name: name, Version: config.InstrumentationVersion()}
	}
	return t
}

// ForceFlush makes the exporter hand on what it holds back.
func (p *provider) ForceFlush(ctx context.Context) error { return p.tp.Flush(ctx) }

// trusts asks Config.TrustParent. Where it panics, it has said no.
func (p *provider) trusts(ctx context.Context, parent oteltrace.SpanContext) bool {
	if !parent.IsRemote() {
		return true // another tracer of this process has decided
	}
	if p.TrustParent == nil {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			p.tp.ReportError(&configError{v})
		}
	}()
	return p.TrustParent(ctx, parent)
}

type configError struct{ value any }

func (e *configError) Error() string {
	return "otelbridge: panic in Config.TrustParent: " + trace.Message(e.value)
}
