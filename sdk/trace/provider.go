package trace

import (
	"context"
	"time"
)

// Config configures a TracerProvider. The zero value works: it records nothing, for want of an Exporter, and passes the
// trace context on.
type Config struct {
	// Exporter takes finished local traces.
	Exporter Exporter

	ServiceName    string      // service.name; where it is empty the platform's name of the service, else "unknown_service"
	ServiceVersion string      // service.version
	Resource       []Attribute // further attributes of the resource; they have more weight than what is detected

	// Sampler says which local traces are recorded: ParentBased(Always()) by default.
	Sampler Sampler
	// Keep says which are exported in the end, whatever the Sampler said.
	Keep Keep
	// Limits bound spans and local traces.
	Limits Limits

	// ShortTraceIDs leaves the upper half of new trace ids zero, for systems that know 64 bits only.
	ShortTraceIDs bool
	// IDs makes the ids; at random by default.
	IDs IDGenerator
	// Clock tells the time; time.Now by default. The times of a local trace follow its root's by the distance that the
	// clock shows, so that a monotonic clock keeps them in order.
	Clock func() time.Time

	// OnError is told what fails inside of tracing, from any goroutine. By default it is a line on standard error, at most
	// one a second. It never reaches the request.
	OnError func(error)
}

// TracerProvider makes spans, and hands finished local traces to its exporter. All methods may be called from any
// goroutine, and on nil, which records nothing.
type TracerProvider struct {
	exporter Exporter
	resource *Resource
	sampler  Sampler
	fixed    fixedWord // the sampler's, on traces that begin here
	keep     Keep
	limits   Limits
	short    bool
	ids      IDGenerator
	clock    clock
	onError  func(error)
	stats    counters
	storage  storage
	none     *localTrace // of spans that are not recorded; it leads to the provider
	bridge   func(span *Span, key any) any
}

// NewTracerProvider returns a provider.
func NewTracerProvider(config Config) *TracerProvider {
	tp := &TracerProvider{
		exporter: config.Exporter,
		sampler:  config.Sampler,
		keep:     config.Keep,
		limits:   config.Limits.withDefaults(),
		short:    config.ShortTraceIDs,
		ids:      config.IDs,
		clock:    clock{custom: config.Clock},
		onError:  config.OnError,
	}
	tp.none = &localTrace{tp: tp}
	if tp.sampler == nil {
		tp.sampler = ParentBased(Always())
	}
	if tp.exporter == nil {
		tp.sampler, tp.keep = Never(), Keep{}
	}
	tp.fixed = fixedWordOf(tp.sampler)
	if tp.onError == nil {
		tp.onError = new(stderrReporter).report
	}

	standard := []Attribute{
		String("service.name", "unknown_service"),
		String("telemetry.sdk.language", "go"),
		String("telemetry.sdk.name", "edgespan"),
		String("telemetry.sdk.version", Version),
	}
	var detected, named []Attribute
	if d, ok := config.Exporter.(ResourceDetector); ok {
		detected = tp.detect(d)
	}
	if config.ServiceName != "" {
		named = append(named, String("service.name", config.ServiceName))
	}
	if config.ServiceVersion != "" {
		named = append(named, String("service.version", config.ServiceVersion))
	}
	tp.resource = NewResource(standard, detected, config.Resource, named)
	return tp
}

// Start starts a span: a child of the one that ctx carries, or the root of a new local trace where ctx carries none or
// config says so.
func (tp *TracerProvider) Start(ctx context.Context, name string, config StartConfig) (context.Context, *Span) {
	if tp == nil {
		return ctx, nil
	}
	return tp.start(ctx, SpanFromContext(ctx), name, &config)
}

// Resource returns what all batches of the provider name. It must not be changed.
func (tp *TracerProvider) Resource() *Resource {
	if tp == nil {
		return nil
	}
	return tp.resource
}

// Flush makes the exporter hand on what it holds back. It does nothing where the exporter holds nothing back.
func (tp *TracerProvider) Flush(ctx context.Context) (err error) {
	if tp == nil {
		return nil
	}
	f, ok := tp.exporter.(Flusher)
	if !ok {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{"Exporter.Flush", v}
		}
	}()
	return f.Flush(ctx)
}

// ReportError passes err to Config.OnError. It is for what is built on the provider, such as a middleware.
func (tp *TracerProvider) ReportError(err error) {
	if tp == nil || err == nil {
		return
	}
	defer func() { _ = recover() }() // a report that fails has nowhere to go, and must not end the request
	tp.onError(err)
}
