package collector

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/edgespan/edgespan/internal/freeport"
	"github.com/edgespan/edgespan/internal/otelcol"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

var background = context.Background()

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	address, err := freeport.Address()
	require.NoError(t, err)
	return address
}

// startCollector starts the Collector that `make collector` builds.
func startCollector(t *testing.T, address string) *otelcol.Collector {
	t.Helper()
	binary, err := otelcol.Find("../..")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	require.NoError(t, err)
	c, err := otelcol.Start(binary, t.TempDir(), address)
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	return c
}

// startReceiver starts the Collector's OTLP receiver in this process, with next as its consumer.
func startReceiver(t *testing.T, address string, next consumer.Traces) {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	config.Protocols.HTTP.GetOrInsertDefault().ServerConfig.NetAddr.Endpoint = address
	r, err := factory.CreateTraces(background, receivertest.NewNopSettings(factory.Type()), config, next)
	require.NoError(t, err)
	require.NoError(t, r.Start(background, componenttest.NewNopHost()))
	t.Cleanup(func() { _ = r.Shutdown(background) })
}

// give starts and ends n local traces of three spans each, in several goroutines, and returns the ids of all spans.
func give(tp *trace.TracerProvider, n int) map[string]bool {
	ids := map[string]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := g; i < n; i += 4 {
				ctx, root := tp.Start(background, "GET /items", trace.StartConfig{Kind: trace.SpanKindServer})
				_, child := trace.Start(ctx, "query", trace.Int("i", i), trace.String("text", "\"\\\u2028\xff"))
				child.AddEvent("row", trace.Strings("list", "a", "b"))
				child.RecordError(errors.New("oh"))
				child.End()
				_, other := trace.Start(ctx, "render")
				other.End()
				mu.Lock()
				for _, s := range []*trace.Span{root, child, other} {
					ids[s.SpanContext().SpanID.String()] = true
				}
				mu.Unlock()
				root.End()
			}
		}()
	}
	wg.Wait()
	return ids
}

// written returns the traces that a Collector has written to its file.
func written(t *testing.T, c *otelcol.Collector) (all []ptrace.Traces) {
	t.Helper()
	lines, err := c.Lines()
	require.NoError(t, err)
	for _, line := range lines {
		traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces(line)
		require.NoError(t, err)
		all = append(all, traces)
	}
	return all
}

// received returns the ids of all spans that have arrived. It fails the test if one has arrived twice.
func received(t *testing.T, all []ptrace.Traces) (ids map[string]bool, resources int) {
	ids = map[string]bool{}
	for _, traces := range all {
		resources += traces.ResourceSpans().Len()
		for _, rs := range traces.ResourceSpans().All() {
			name, _ := rs.Resource().Attributes().Get("service.name")
			require.Equal(t, "shop", name.Str())
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					require.False(t, ids[s.SpanID().String()], "twice")
					ids[s.SpanID().String()] = true
				}
			}
		}
	}
	return ids, resources
}

func provider(e trace.Exporter, onError func(error)) *trace.TracerProvider {
	return trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: e, OnError: onError})
}

func TestSentIsReceived(t *testing.T) {
	for _, c := range []struct {
		name    string
		gzip    func([]byte) ([]byte, error)
		maxBody int
		batched bool
	}{
		{name: "one POST a trace"},
		{name: "one POST a trace, gzip", gzip: gzip.Compress},
		{name: "batches", batched: true},
		{name: "batches, gzip", batched: true, gzip: gzip.Compress},
		{name: "batches, small bodies", batched: true, maxBody: 3000},
	} {
		t.Run(c.name, func(t *testing.T) {
			collector := startCollector(t, "")
			e := otlphttp.New(otlphttp.Config{URL: "http://" + collector.Address, Transport: &nethttp.Transport{}, Gzip: c.gzip, MaxBody: c.maxBody})
			exporter := trace.Exporter(e)
			var p *batch.Processor
			if c.batched {
				p = batch.New(batch.Config{Sink: e, MaxSpans: 10_000})
				exporter = p
			}
			want := give(provider(exporter, func(err error) { t.Error(err) }), 500)
			require.NoError(t, p.Shutdown(background))
			collector.Stop() // after that its file is complete
			got, resources := received(t, written(t, collector))
			assert.Equal(t, want, got)
			s := e.Stats()
			assert.Equal(t, uint64(1500), s.Spans)
			t.Logf("1500 spans sent, %d received, %d requests, %d resources, %d bytes", len(got), s.Requests, resources, s.Bytes)
		})
	}
}

// A Collector that is not running at first and then starts gets all spans.
func TestCollectorComesLate(t *testing.T) {
	address := freeAddress(t)
	e := otlphttp.New(otlphttp.Config{URL: "http://" + address, Transport: &nethttp.Transport{}})
	var told []error
	var mu sync.Mutex
	p := batch.New(batch.Config{Sink: e, Spans: 10, Backoff: 20 * time.Millisecond, MaxBackoff: 20 * time.Millisecond, Attempts: -1, OnError: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, err)
	}})
	want := give(provider(p, nil), 100)
	require.Eventually(t, func() bool { return p.Stats().Failures >= 3 }, time.Minute, time.Millisecond)
	c := startCollector(t, address)
	require.Eventually(t, func() bool { return p.Stats().Sent == 300 }, time.Minute, time.Millisecond)
	c.Stop()
	got, _ := received(t, written(t, c))
	assert.Equal(t, want, got)
	mu.Lock()
	defer mu.Unlock()
	assert.Len(t, told, 1, "%v", told)
}

// A Collector that answers that it is busy gets the spans later. One that refuses them permanently does not.
func TestCollectorRefuses(t *testing.T) {
	sink := new(consumertest.TracesSink)
	var mu sync.Mutex
	answer := errors.New("busy")
	next, err := consumer.NewTraces(func(ctx context.Context, td ptrace.Traces) error {
		mu.Lock()
		defer mu.Unlock()
		if answer != nil {
			return answer
		}
		return sink.ConsumeTraces(ctx, td)
	})
	require.NoError(t, err)
	address := freeAddress(t)
	startReceiver(t, address, next)
	e := otlphttp.New(otlphttp.Config{URL: "http://" + address, Transport: &nethttp.Transport{}})
	p := batch.New(batch.Config{Sink: e, Mode: batch.Manual})
	want := give(provider(p, nil), 10)
	err = p.Flush(background)
	t.Log(err)
	require.ErrorContains(t, err, "503")
	assert.Equal(t, uint64(30), p.Stats().Held)
	mu.Lock()
	answer = nil
	mu.Unlock()
	require.NoError(t, p.Flush(background))
	got, _ := received(t, sink.AllTraces())
	assert.Equal(t, want, got)

	answer = consumererror.NewPermanent(errors.New("refused permanently"))
	give(provider(p, nil), 10)
	err = p.Flush(background)
	t.Log(err)
	require.ErrorContains(t, err, "refused permanently")
	s := p.Stats()
	assert.Equal(t, "60 30 30 0", fmt.Sprint(s.Given, s.Sent, s.Rejected, s.Held))
}

// If the Collector takes five seconds to answer, spans end as fast as always.
func TestCollectorIsSlow(t *testing.T) {
	sink := new(consumertest.TracesSink)
	next, err := consumer.NewTraces(func(ctx context.Context, td ptrace.Traces) error {
		time.Sleep(5 * time.Second)
		return sink.ConsumeTraces(ctx, td)
	})
	require.NoError(t, err)
	address := freeAddress(t)
	startReceiver(t, address, next)
	e := otlphttp.New(otlphttp.Config{URL: "http://" + address, Transport: &nethttp.Transport{}})
	p := batch.New(batch.Config{Sink: e, Spans: 10})
	began := time.Now()
	want := give(provider(p, nil), 100)
	took := time.Since(began)
	t.Logf("300 spans given in %s", took)
	assert.Less(t, took, 3*time.Second)
	require.NoError(t, p.Shutdown(background))
	got, _ := received(t, sink.AllTraces())
	assert.Equal(t, want, got)
}
