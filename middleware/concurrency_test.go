package middleware

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// In a sandbox that serves many requests, some of them at the same time, and in which goroutines outlive their handlers, each
// span is in the trace of its own request, exactly once.
func TestManyRequestsNeverMix(t *testing.T) {
	const workers, each = 4, 250
	s := newSetup()
	var stragglers sync.WaitGroup
	handler := New(s.tp, Config{RequestHeaders: []string{"X-Id"}})(fsthttp.HandlerFunc(
		func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			id := r.Header.Get("X-Id")
			root := trace.SpanFromContext(ctx)
			SetRoute(ctx, "/"+id)
			_, inTime := trace.Start(ctx, "in time "+id)
			inTime.SetAttributes(trace.String("id", id))
			_, late := trace.Start(ctx, "late "+id)
			late.SetAttributes(trace.String("id", id))
			stragglers.Add(1)
			go func() {
				defer stragglers.Done()
				late.End()
				for range 10 { // some end before the handler returns, some after
					late.SetAttributes(trace.String("id", "stale"))
					late.AddEvent("stale")
					late.End()
				}
				_, orphan := trace.Start(ctx, "orphan "+id)
				orphan.SetAttributes(trace.String("id", id))
				orphan.End()
				_, _ = Send(ctx, &fsthttp.Request{Method: "GET", Header: fsthttp.Header{}}, "backend of "+id)
			}()
			inTime.End()
			inTime.SetAttributes(trace.String("id", "stale"))
			_, _ = io.WriteString(w, id)
			if len(id)%2 == 0 {
				defer func() { root.SetStatus(trace.StatusError, id) }()
			}
		}))
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				id := fmt.Sprintf("%d-%d", worker, i)
				r := &fsthttp.Request{Method: "GET", Header: fsthttp.Header{"X-Id": {id}}}
				w := fsttest.NewRecorder()
				handler(context.Background(), w, r)
				if w.Body.String() != id {
					t.Errorf("body %q for %q", w.Body, id)
				}
			}
		}()
	}
	wg.Wait()
	stragglers.Wait()

	byTrace := map[trace.TraceID]map[string]trace.SpanData{}
	for _, b := range s.all() {
		for _, d := range b.Spans {
			spans := byTrace[d.SpanContext.TraceID]
			if spans == nil {
				spans = map[string]trace.SpanData{}
				byTrace[d.SpanContext.TraceID] = spans
			}
			require.NotContains(t, spans, d.Name, "exported twice")
			spans[d.Name] = d
		}
	}
	require.Len(t, byTrace, workers*each)
	for _, spans := range byTrace {
		require.Len(t, spans, 5)
		var id string
		for _, d := range spans {
			if d.Kind == trace.SpanKindServer {
				id = plain(d.Attributes)["http.request.header.x-id"].([]string)[0]
				require.Equal(t, "GET /"+id, d.Name)
				require.Equal(t, []string{"first_byte"}, events(&d))
				if len(id)%2 == 0 {
					require.Equal(t, id, d.Status.Description)
				}
			}
		}
		for _, name := range []string{"in time ", "late ", "orphan "} {
			d, ok := spans[name+id]
			require.True(t, ok, "%s%s", name, id)
			require.Equal(t, map[string]any{"id": id}, plain(d.Attributes))
			require.Empty(t, d.Events)
		}
		client := spans["GET"]
		require.Equal(t, "backend of "+id, plain(client.Attributes)["fastly.backend"])
	}
}

// A span that a handler has kept from one request does nothing to a later request.
func TestUseAfterReturn(t *testing.T) {
	s := newSetup()
	var ctx context.Context
	var w fsthttp.ResponseWriter
	handler := New(s.tp)(fsthttp.HandlerFunc(func(c context.Context, rw fsthttp.ResponseWriter, _ *fsthttp.Request) {
		if ctx == nil {
			ctx, w = c, rw
			w.WriteHeader(201)
		}
		span := trace.SpanFromContext(ctx)
		span.SetAttributes(trace.Bool("stale", true)) // the span of the first request, whichever request is being served
		span.SetName("stale")
		span.End()
	}))
	handler(context.Background(), fsttest.NewRecorder(), request(t, "GET", "http://h/1"))
	handler(context.Background(), fsttest.NewRecorder(), request(t, "GET", "http://h/2"))
	SetRoute(ctx, "/stale")
	w.WriteHeader(500)
	_, _ = io.WriteString(w, "stale")
	require.NoError(t, w.Close())
	handler(context.Background(), fsttest.NewRecorder(), request(t, "GET", "http://h/3"))

	batches := s.all()
	require.Len(t, batches, 3)
	require.Equal(t, "stale", batches[0].Spans[0].Name)
	for _, b := range batches[1:] {
		attrs := plain(b.Spans[0].Attributes)
		require.Equal(t, "GET", b.Spans[0].Name)
		require.NotContains(t, attrs, "stale")
		require.NotContains(t, attrs, "http.route")
		require.Equal(t, 200, attrs["http.response.status_code"])
		require.Empty(t, b.Spans[0].Events)
	}
}

// If a handler ends the request's span itself, the span is exported once, as it was then.
func TestHandlerEndsSpan(t *testing.T) {
	o := &order{}
	s := newSetup()
	s.order = o
	New(s.tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		trace.SpanFromContext(ctx).End()
		_, _ = io.WriteString(w, "x")
	})).ServeHTTP(context.Background(), newWire(o), request(t, "GET", "http://h/"))
	require.Equal(t, []string{"export", "write", "close"}, o.calls)
	require.NotContains(t, plain(s.root(t).Attributes), "http.response.status_code")
}

// One middleware may be used for several handlers, which do not affect each other.
func TestOneMiddlewareManyHandlers(t *testing.T) {
	s := newSetup()
	m := New(s.tp)
	a := m(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) { SetRoute(ctx, "/a") }))
	b := m(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) { SetRoute(ctx, "/b") }))
	for _, h := range []fsthttp.Handler{a, b, a} {
		h.ServeHTTP(context.Background(), fsttest.NewRecorder(), request(t, "GET", "http://h/"))
	}
	var names []string
	for _, batch := range s.all() {
		names = append(names, batch.Spans[0].Name)
	}
	require.Equal(t, []string{"GET /a", "GET /b", "GET /a"}, names)
}
