package trace

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// Config configures a [TracerProvider]. The zero value works: it records nothing, for want of an [Exporter], and passes a
// parent's trace context on as it came. A trace that begins here has ids then, for logs, and is not sampled.
type Config struct {
	// Exporter takes finished local traces.
	Exporter Exporter

	ServiceName    string      // service.name; where it is empty the platform's name of the service, else "unknown_service", natively with the program's name behind a colon
	ServiceVersion string      // service.version
	Resource       []Attribute // further attributes of the resource; they have more weight than what is detected

	// Sampler says which local traces are recorded: ParentBased(Always()) by default.
	Sampler Sampler
	// Keep says which are exported in the end, whatever the Sampler said: a Keep, or nil for none.
	Keep Keeper
	// Limits bound spans and local traces.
	Limits Limits

	// ShortTraceIDs leaves the upper half of new trace ids zero, for systems that know 64 bits only.
	ShortTraceIDs bool
	// IDs makes the ids; at random by default.
	IDs IDGenerator
	// Clock tells the time; time.Now by default. Each time of a local trace is the start of its root plus what has passed on the
	// clock since then, so that a monotonic clock keeps them in order. On wasip1 it is what the clock shows, or the latest time of
	// the trace where the clock has gone back.
	Clock func() time.Time

	// OnError is told what fails inside of tracing, from any goroutine. By default it is a line on standard error, at most
	// one a second. It never reaches the request.
	OnError func(error)
}

// TracerProvider makes spans, and hands finished local traces to its exporter. All methods may be called from any
// goroutine, and on nil and the zero value, which record nothing.
type TracerProvider struct {
	config    Config // with the defaults filled in
	resource  *Resource
	fixed     fixedWord // the sampler's, on traces that begin here
	timelines timelines
	stats     counters
	spare     sync.Pool   // of *localTrace
	none      *localTrace // of spans that are not recorded; it leads to the provider
	bridge    func(span *Span, key any) any
}

// NewTracerProvider returns a provider.
func NewTracerProvider(config Config) *TracerProvider {
	tp := &TracerProvider{config: config}
	c := &tp.config
	c.Limits.setDefaults()
	tp.none = &localTrace{tp: tp}
	if c.Exporter == nil {
		c.Sampler, c.Keep, tp.fixed = nil, nil, alwaysNo
	} else {
		tp.fixed = fixedWordOf(c.Sampler)
	}
	if c.OnError == nil {
		c.OnError = fault.StderrReporter()
	}
	if c.Keep != nil {
		tp.ask(&call{what: askKeep})
	}

	r := new(Resource)
	r.set("service.name", unknownService)
	r.set("telemetry.sdk.language", "go")
	r.set("telemetry.sdk.name", "edgespan")
	r.set("telemetry.sdk.version", Version)
	q := call{what: askDetector}
	tp.ask(&q)
	r.add(q.attrs)
	r.add(c.Resource)
	if c.ServiceName != "" {
		r.set("service.name", c.ServiceName)
	}
	if c.ServiceVersion != "" {
		r.set("service.version", c.ServiceVersion)
	}
	tp.resource = r
	return tp
}

// Start starts a span: a child of the one that ctx carries, or the root of a new local trace where ctx carries none or config
// says so. A span of another provider, which has clock, limits and exporter of its own, becomes the parent of such a root, and its
// sampled flag is trusted.
func (tp *TracerProvider) Start(ctx context.Context, name string, config StartConfig) (context.Context, *Span) {
	if tp == nil || tp.none == nil {
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

// ReportError passes err to [Config.OnError]. It is for what is built on the provider, such as a middleware: Edgespan's own and others.
func (tp *TracerProvider) ReportError(err error) {
	if tp == nil || err == nil {
		return
	}
	tp.ask(&call{what: askOnError, err: err})
}
