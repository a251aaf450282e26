//go:build !js

package workers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// The request does not wait for a collector that does not answer. The trace arrives complete.
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
	span.End() // returns although the collector has not answered
	batches, err := otlp.Decode(<-bodies)
	require.NoError(t, err)
	assert.Equal(t, "a", batches[0].Spans[0].Name)
	tracetest.AssertAttributes(t, trace.SpanData{Attributes: batches[0].Resource.Attributes}, trace.String("cloud.platform", "cloudflare.workers"))
	close(answer)
	Wait()
	assert.EqualValues(t, 1, e.Stats().Spans)
}

func TestLossIsReportedAndCounted(t *testing.T) {
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

// An OnError that panics does not end the program, and lost spans are still counted.
func TestOnErrorPanics(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) }))
	defer collector.Close()
	told := 0
	e := NewExporter(ExporterConfig{URL: collector.URL, OnError: func(error) { told++; panic("report") }})
	tp := trace.NewTracerProvider(trace.Config{Exporter: e})
	before := addLost(0)
	_, span := tp.Start(context.Background(), "a", trace.StartConfig{})
	span.End()
	Wait()
	assert.Equal(t, 1, told)
	assert.Equal(t, 1, addLost(0)-before)
}

// Spans lost by exports that run at the same time are counted once.
func TestLossIsCountedOnce(t *testing.T) {
	const traces = 50
	var together sync.WaitGroup
	together.Add(traces)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		together.Done()
		together.Wait()
		w.WriteHeader(400)
	}))
	defer collector.Close()
	e := NewExporter(ExporterConfig{URL: collector.URL, Timeout: time.Minute, OnError: func(error) {}})
	before := addLost(0)
	tp := trace.NewTracerProvider(trace.Config{Exporter: e})
	for range traces {
		_, span := tp.Start(context.Background(), "a", trace.StartConfig{})
		span.End()
	}
	Wait()
	assert.Equal(t, traces, addLost(0)-before)
}

// While a collector hangs, only so many programs wait for it. The other traces are lost, and counted.
func TestHangingCollectorHoldsFewPrograms(t *testing.T) {
	var posts atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posts.Add(1) }))
	defer collector.Close()
	var errs []error
	e := NewExporter(ExporterConfig{URL: collector.URL, OnError: func(err error) { errs = append(errs, err) }})
	tp := trace.NewTracerProvider(trace.Config{Exporter: e})
	before := addLost(0)
	record := func(waiting int, since time.Duration) {
		at := float64(time.Now().Add(-since).UnixMilli())
		isolate.exports = slices.Repeat([]float64{at}, waiting)
		_, span := tp.Start(context.Background(), "a", trace.StartConfig{})
		span.End()
		Wait()
	}
	record(100, 0)
	record(maxSlow-1, 10*time.Second)
	assert.Empty(t, errs)
	record(maxSlow, 10*time.Second)
	assert.Equal(t, []error{errSlow}, errs)
	assert.Len(t, isolate.exports, maxSlow)
	record(maxSlow, time.Minute) // the platform has ended them
	assert.Empty(t, isolate.exports, "each export that has begun has ended")
	assert.Len(t, errs, 1)
	assert.EqualValues(t, 3, posts.Load())
	assert.Equal(t, 1, addLost(0)-before)
	assert.EqualValues(t, 1, e.Stats().DroppedSpans)
	assert.EqualValues(t, 3, e.Stats().Spans)
}

func TestFrozenClock(t *testing.T) {
	clock := tracetest.NewClock() // does not move unless it is told to
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
