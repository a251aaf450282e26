package trace

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// Config configures a [TracerProvider]. With the zero value, which has no [Exporter], the provider records nothing and passes a
// parent's trace context on unchanged. A trace that begins here still has ids, for use in logs, and is not sampled.
type Config struct {
	// Exporter receives finished local traces. Without one, nothing is recorded.
	Exporter Exporter

	// ServiceName is the resource attribute service.name. If it is empty, the name that the platform has for the service is
	// used, and if there is none, "unknown_service". Natively the program's name follows after a colon.
	ServiceName string
	// ServiceVersion is the resource attribute service.version.
	ServiceVersion string
	// Resource holds further attributes of the resource. They replace detected attributes with the same key.
	Resource []Attribute

	// Sampler decides at the start which local traces are recorded. The default is ParentBased(Always()).
	Sampler Sampler
	// Keep, if not nil, adds rules that are asked at the end: they keep traces whatever the Sampler decided. It takes a value
	// of type [Keep].
	Keep Keeper
	// Limits bound how much a span and a local trace hold.
	Limits Limits

	// ShortTraceIDs leaves the upper half of new trace ids zero, for systems that know only ids of 64 bits.
	ShortTraceIDs bool
	// IDs makes the ids. By default they are random.
	IDs IDGenerator
	// Clock returns the current time. The default is time.Now. Each time in a local trace is the start of its root plus the
	// time that has passed on the clock since then, so with a monotonic clock the times stay in order. On wasip1 it is the time
	// that the clock shows, or the latest time in the trace if the clock has gone back.
	Clock func() time.Time

	// OnError receives the errors of tracing itself. It may be called from any goroutine. The default writes a line to standard
	// error, at most four a second. These errors never reach the request.
	OnError func(error)
}

// TracerProvider makes spans, and hands finished local traces to its exporter. All methods may be called from any goroutine. On
// nil and on the zero value they record nothing.
type TracerProvider struct {
	config    Config // with the defaults filled in
	resource  *Resource
	fixed     fixedDecision // what the sampler says of every trace that begins here, if it always says the same
	timelines timelines
	stats     counters
	spare     sync.Pool   // of *localTrace
	none      *localTrace // what the handles of spans that are not recorded point to; it leads to the provider
	bridge    func(span *Span, key any) any
}

// NewTracerProvider returns a provider with the given configuration.
func NewTracerProvider(config Config) *TracerProvider {
	tp := &TracerProvider{config: config}
	c := &tp.config
	c.Limits.setDefaults()
	tp.none = &localTrace{tp: tp}
	if c.Exporter == nil {
		c.Sampler, c.Keep, tp.fixed = nil, nil, alwaysNo
	} else {
		tp.fixed = fixedDecisionOf(c.Sampler)
	}
	if c.OnError == nil {
		c.OnError = fault.StderrReporter()
	}
	if c.Keep != nil {
		tp.ask(&call{what: askKeep})
	}

	q := call{what: askDetector}
	tp.ask(&q)
	lists := [...][]Attribute{baseResource[:], q.attrs, c.Resource, nil, nil}
	if c.ServiceName != "" {
		lists[3] = []Attribute{String("service.name", c.ServiceName)}
	}
	if c.ServiceVersion != "" {
		lists[4] = []Attribute{String("service.version", c.ServiceVersion)}
	}
	tp.resource = NewResource(lists[:]...)
	return tp
}

// Start starts a span. It is a child of the span that ctx carries. If ctx carries none, or if config asks for it, it is the
// root of a new local trace.
//
// A span of another provider has another clock, limits and exporter. If ctx carries such a span, it becomes the parent of a new
// root, and its sampled flag is trusted.
func (tp *TracerProvider) Start(ctx context.Context, name string, config StartConfig) (context.Context, *Span) {
	if tp == nil || tp.none == nil {
		return ctx, nil
	}
	return tp.start(ctx, SpanFromContext(ctx), name, &config)
}

// Resource returns the resource that all of the provider's batches have. It must not be changed.
func (tp *TracerProvider) Resource() *Resource {
	if tp == nil {
		return nil
	}
	return tp.resource
}

// ReportError passes err to [Config.OnError]. It is for packages that build on the provider, such as a middleware. A nil err is
// ignored.
func (tp *TracerProvider) ReportError(err error) {
	if tp == nil || err == nil {
		return
	}
	tp.ask(&call{what: askOnError, err: err})
}
