//go:build !js

package workers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// A collector that does not answer holds nobody up, and the trace has arrived whole.
func TestExportDoesNotWait(t *testing.T) {
	answer, bodies := make(chan struct{}), make(chan []byte, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- body
		<-answer
	}))
	defer collector.Close()
	e := NewExporter(ExporterConfig{URL: collector.URL, OnError: func(err error) { t.Error(err) }})
	tp := trace.NewTracerProvider(trace.Config{Exporter: e})
	_, span := tp.Start(context.Background(), "a", trace.StartConfig{})
	span.End() // which returns, though nothing has been answered
	batches, err := otlp.Decode(<-bodies)
	require.NoError(t, err)
	assert.Equal(t, "a", batches[0].Spans[0].Name)
	tracetest.AssertAttributes(t, trace.SpanData{Attributes: batches[0].Resource.Attributes}, trace.String("cloud.platform", "cloudflare.workers"))
	close(answer)
	Wait()
	assert.EqualValues(t, 1, e.Stats().Spans)
}

func TestLossIsToldAndCounted(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"refused":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) },
		"nonsense": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"silent":   func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body); <-r.Context().Done() },
	} {
		collector := httptest.NewServer(answer)
		var mu sync.Mutex
		var errs []error
		e := NewExporter(ExporterConfig{URL: collector.URL, Timeout: 100 * time.Millisecond, OnError: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		}})
		before := addLost(0)
		tp := trace.NewTracerProvider(trace.Config{Exporter: e})
		_, span := tp.Start(context.Background(), "a", trace.StartConfig{})
		span.End()
		Wait()
		assert.Len(t, errs, 1, name)
		assert.Equal(t, 1, addLost(0)-before, name)
		assert.Zero(t, e.Stats().Spans, name)
		collector.Close()
	}
}

func TestFrozenClock(t *testing.T) {
	clock := tracetest.NewClock() // stands still unless it is told to go on
	inner := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: inner, Clock: clock.Now})
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	_, computing := trace.Start(ctx, "computing")
	computing.End()
	_, waiting := trace.Start(ctx, "waiting")
	clock.Advance(time.Millisecond)
	waiting.End()
	root.End()
	b := inner.Batches()[0].Clone()
	markFrozen(b)
	tracetest.AssertAttributes(t, tracetest.Span(t, b.Spans, "computing"), trace.Bool("edgespan.clock_frozen", true))
	tracetest.AssertNoAttribute(t, tracetest.Span(t, b.Spans, "waiting"), "edgespan.clock_frozen")
	tracetest.AssertNoAttribute(t, tracetest.Span(t, b.Spans, "root"), "edgespan.clock_frozen")
}

func TestFromEnv(t *testing.T) {
	none := func() Version { return Version{} }
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	exporter := func(c trace.Config) *Exporter { e, _ := c.Exporter.(*Exporter); return e }

	c := fromEnv(env(), none)
	require.NotNil(t, exporter(c), "without a word it is the console")
	assert.NotNil(t, exporter(c).console)
	assert.Nil(t, exporter(c).otlp)

	c = fromEnv(env("OTLP_COLLECTOR_URL", "https://c.example", "OTEL_SERVICE_NAME", "s", "OTEL_RESOURCE_ATTRIBUTES", "a=b%20c, service.name=x,deployment.environment.name=prod",
		"OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x, x-team = y", "OTEL_EXPORTER_OTLP_TIMEOUT", "1500", "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
		"OTEL_TRACES_EXPORTER", "otlp, console"), func() Version { return Version{ID: "id"} })
	e := exporter(c)
	assert.Equal(t, "s", c.ServiceName)
	assert.Equal(t, []trace.Attribute{trace.String("a", "b c"), trace.String("deployment.environment.name", "prod")}, c.Resource)
	assert.Equal(t, map[string]string{"authorization": "Bearer x", "x-team": "y"}, e.config.Headers)
	assert.Equal(t, 1500*time.Millisecond, e.config.Timeout)
	assert.True(t, e.config.Gzip && e.config.Console)
	assert.Equal(t, "https://c.example", e.config.URL)
	assert.Contains(t, e.DetectResource(), trace.String("faas.version", "id"))

	assert.Equal(t, "https://c.example/base/v1/traces", exporter(fromEnv(env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example/base/"), none)).config.URL)
	assert.Nil(t, exporter(fromEnv(env("OTEL_SDK_DISABLED", "true", "OTLP_COLLECTOR_URL", "https://c.example"), none)))
	assert.Nil(t, exporter(fromEnv(env("OTEL_TRACES_EXPORTER", "none"), none)))
	assert.Nil(t, exporter(fromEnv(env("OTEL_TRACES_EXPORTER", "otlp"), none)), "there is no URL")

	for name, want := range map[string]string{"always_on": "yes", "always_off": "no", "parentbased_always_off": "no", "traceidratio": "no", "parentbased_traceidratio": "no"} {
		s, ok := samplerOf(name, "0")
		assert.True(t, ok, name)
		assert.Equal(t, want == "yes", s.Sample(trace.SamplingParameters{}).Sampled, name)
	}
	for _, bad := range [][2]string{{"sometimes", ""}, {"traceidratio", "2"}, {"traceidratio", "NaN"}, {"traceidratio", "x"}, {"parentbased_", ""}} {
		_, ok := samplerOf(bad[0], bad[1])
		assert.False(t, ok, bad)
	}
}

func FuzzPairs(f *testing.F) {
	f.Add("a=b,c=d")
	f.Add("a==%20,,=,%zz=%zz")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		ok := pairs(text, func(name, _ string) {
			n++
			require.NotEmpty(t, name)
			require.NotContains(t, name, ",")
		})
		if ok {
			require.LessOrEqual(t, n, strings.Count(text, "="))
		}
	})
}
