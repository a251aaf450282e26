package trace_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

var background = context.Background()

// fixture is a provider with the clock, the ids, the exporter and the errors of a test.
type fixture struct {
	*trace.TracerProvider
	exporter *tracetest.Exporter
	clock    *tracetest.Clock
	errors   *errorList
}

// newFixture fills in what config leaves out, so that each run is the same.
func newFixture(config trace.Config) *fixture {
	f := &fixture{exporter: tracetest.NewExporter(), clock: tracetest.NewClock(), errors: new(errorList)}
	if config.Exporter == nil {
		config.Exporter = f.exporter
	}
	if config.Clock == nil {
		config.Clock = f.clock.Now
	}
	if config.OnError == nil {
		config.OnError = f.errors.add
	}
	f.TracerProvider = trace.NewTracerProvider(config)
	return f
}

// start starts a root without settings.
func (f *fixture) start(name string) (context.Context, *trace.Span) {
	return f.Start(background, name, trace.StartConfig{})
}

// only returns the only exported span.
func (f *fixture) only(t *testing.T) trace.SpanData {
	t.Helper()
	spans := f.exporter.Spans()
	require.Len(t, spans, 1)
	return spans[0]
}

// names returns the names of the exported spans. Those of one batch are joined by spaces.
func (f *fixture) names() (batches []string) {
	for _, b := range f.exporter.Batches() {
		var names []string
		for i := range b.Spans {
			names = append(names, b.Spans[i].Name)
		}
		batches = append(batches, strings.Join(names, " "))
	}
	return batches
}

// errorList is an OnError that keeps the errors.
type errorList struct {
	mu   sync.Mutex
	list []string
}

func (l *errorList) add(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, err.Error())
}

func (l *errorList) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.list...)
}

// exporterFunc is a function as an Exporter.
type exporterFunc func(ctx context.Context, b *trace.Batch) error

func (f exporterFunc) Export(ctx context.Context, b *trace.Batch) error { return f(ctx, b) }

// discard is an Exporter for tests that do not look at what is exported.
var discard = exporterFunc(func(context.Context, *trace.Batch) error { return nil })

// samplerFunc is a function as a Sampler.
type samplerFunc func(p trace.SamplingParameters) trace.SamplingResult

func (f samplerFunc) Sample(p trace.SamplingParameters) trace.SamplingResult { return f(p) }

// remote returns the parent that a traceparent and a tracestate describe.
func remote(t testing.TB, traceparent string, tracestate ...string) trace.SpanContext {
	t.Helper()
	sc := trace.SpanContextFromHeaders([]string{traceparent}, tracestate)
	require.True(t, sc.IsValid(), traceparent)
	return sc
}

func mustState(t testing.TB, headers ...string) trace.TraceState {
	t.Helper()
	ts, err := trace.ParseTraceState(headers...)
	require.NoError(t, err)
	return ts
}

// since returns a time after the start of tracetest's clock, in Unix nanoseconds.
func since(d time.Duration) int64 { return 1_700_000_000_000_000_000 + int64(d) }

var errBoom = errors.New("boom")

// concurrently runs f in n goroutines, and waits for them.
func concurrently(n int, f func(worker int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Add(1)
		go func() {
			defer group.Done()
			f(i)
		}()
	}
	group.Wait()
}
