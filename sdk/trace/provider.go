package trace

import (
	"context"
	"sync"
	"sync/atomic"
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
	keep     Keep
	limits   Limits
	short    bool
	ids      IDGenerator
	clock    func() time.Time // nil for time.Now
	onError  func(error)
	stats    counters

	spare atomic.Pointer[localTrace] // the storage used last; one request at a time never goes further
	mu    sync.Mutex
	free  []*localTrace
}

// maxFree is how many requests at once find their storage ready.
const maxFree = 16

// NewTracerProvider returns a provider.
func NewTracerProvider(config Config) *TracerProvider {
	tp := &TracerProvider{
		exporter: config.Exporter,
		sampler:  config.Sampler,
		keep:     config.Keep,
		limits:   config.Limits.withDefaults(),
		short:    config.ShortTraceIDs,
		ids:      config.IDs,
		clock:    config.Clock,
		onError:  config.OnError,
	}
	if tp.sampler == nil {
		tp.sampler = ParentBased(Always())
	}
	if tp.exporter == nil {
		tp.sampler, tp.keep = Never(), Keep{}
	}
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
		detected = d.DetectResource()
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

func (tp *TracerProvider) start(ctx context.Context, parent *Span, name string, config *StartConfig) (context.Context, *Span) {
	if parent == nil || config.NewRoot || config.Parent.IsValid() {
		return tp.startRoot(ctx, name, config)
	}
	if parent.t == nil {
		return ctx, parent // not recorded, nor is any child
	}
	return parent.startChild(ctx, name, config)
}

func (tp *TracerProvider) startRoot(ctx context.Context, name string, config *StartConfig) (context.Context, *Span) {
	p := SamplingParameters{Name: name, Kind: config.Kind}
	var sc SpanContext
	if config.Parent.IsValid() && !config.NewRoot {
		p.Parent, p.TrustParent = config.Parent, config.TrustParent
		sc.TraceID, sc.TraceFlags = config.Parent.TraceID, config.Parent.TraceFlags&FlagRandom
	} else if sc.TraceID = tp.newTraceID(); tp.ids == nil {
		sc.TraceFlags = FlagRandom
	}
	p.TraceID = sc.TraceID
	sc.SpanID = tp.newSpanID()

	result := tp.sampler.Sample(p)
	sc.TraceState = result.TraceState
	if result.Sampled {
		sc.TraceFlags |= FlagSampled
	}
	if !result.Sampled && tp.keep.isZero() {
		tp.stats.sampledOut.Add(1)
		a := &activeSpan{Context: ctx, span: Span{tp: tp, sc: sc}}
		return a, &a.span
	}
	return tp.record(ctx, sc, &p.Parent, result.Sampled, name, config)
}

// record starts a local trace with its root.
func (tp *TracerProvider) record(ctx context.Context, sc SpanContext, parent *SpanContext, sampled bool, name string, config *StartConfig) (context.Context, *Span) {
	t := tp.acquire()
	t.ctx, t.sampled = ctx, sampled
	t.begin()
	a := t.handle(ctx, sc)
	t.add(sc, parent.SpanID, parent.Remote, name, config)
	return a, &a.span
}

// startChild starts a child of a span that is or was recorded.
func (s *Span) startChild(ctx context.Context, name string, config *StartConfig) (context.Context, *Span) {
	tp, t, sc := s.tp, s.t, s.sc
	t.mu.Lock()
	switch {
	case t.gen != s.gen:
		// The trace has gone out without this one, and its storage with it: the child is a local trace of its own.
		t.mu.Unlock()
		if sc.IsSampled() {
			sc.SpanID = tp.newSpanID()
			return tp.record(ctx, sc, &s.sc, true, name, config)
		}
	case len(t.spans) >= tp.limits.Spans:
		t.dropped++
		t.mu.Unlock()
		tp.stats.spansDropped.Add(1)
	default:
		defer t.mu.Unlock() // a generator of ids that panics must not leave it locked
		sc.SpanID = tp.newSpanID()
		a := t.handle(ctx, sc)
		a.span.idx = t.add(sc, s.sc.SpanID, false, name, config)
		return a, &a.span
	}
	a := &activeSpan{Context: ctx, span: Span{tp: tp, sc: sc}}
	return a, &a.span
}

func (tp *TracerProvider) export(ctx context.Context, b *Batch) {
	defer func() {
		if v := recover(); v != nil {
			tp.stats.exportErrors.Add(1)
			tp.ReportError(&panicError{"Exporter.Export", v})
		}
	}()
	tp.stats.spansExported.Add(uint64(len(b.Spans)))
	if err := tp.exporter.Export(ctx, b); err != nil {
		tp.stats.exportErrors.Add(1)
		tp.ReportError(err)
	}
}

func (tp *TracerProvider) newTraceID() TraceID {
	if tp.ids != nil {
		if id := tp.ids.NewTraceID(); id.IsValid() {
			return id
		}
	}
	return newTraceID(tp.short)
}

func (tp *TracerProvider) newSpanID() SpanID {
	if tp.ids != nil {
		if id := tp.ids.NewSpanID(); id.IsValid() {
			return id
		}
	}
	return newSpanID()
}

func (tp *TracerProvider) now() time.Time {
	if tp.clock != nil {
		return tp.clock()
	}
	return time.Now()
}

func (tp *TracerProvider) acquire() *localTrace {
	if t := tp.spare.Swap(nil); t != nil {
		return t
	}
	tp.mu.Lock()
	if n := len(tp.free); n > 0 {
		t := tp.free[n-1]
		tp.free = tp.free[:n-1]
		tp.mu.Unlock()
		return t
	}
	tp.mu.Unlock()
	return &localTrace{tp: tp, batch: Batch{Resource: tp.resource}}
}

// release takes back the storage of a trace that no handle reaches any more.
func (tp *TracerProvider) release(t *localTrace) {
	if cap(t.spans) > maxKeptSpans {
		t.spans = nil
	}
	t.reset()
	if tp.spare.CompareAndSwap(nil, t) {
		return
	}
	tp.mu.Lock()
	if len(tp.free) < maxFree {
		tp.free = append(tp.free, t)
	}
	tp.mu.Unlock()
}
