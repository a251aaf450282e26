package slogspan_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A service that has not passed AfterResponse to the middleware loses nothing, although nobody would write waiting records.
func TestWithoutAfterResponse(t *testing.T) {
	tp := newProvider()
	w := new(lines)
	logger := slog.New(slogspan.NewHandler(w, slogspan.Config{Provider: tp}))
	var ids trace.SpanContext
	handler := middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		ids = trace.SpanFromContext(ctx).SpanContext()
		logger.InfoContext(ctx, "one")
		logger.With("k", 1).ErrorContext(ctx, "two")
	}))
	req, err := fsthttp.NewRequest(fsthttp.MethodGet, "https://example.com/", nil)
	require.NoError(t, err)
	handler(context.Background(), fsttest.NewRecorder(), req)
	require.Len(t, w.list(), 2)
	for _, line := range w.list() {
		require.Equal(t, ids.SpanID.String(), readOTLP(t, line)[0]["span_id"])
	}
}

// Under the middleware, a request is one line after its response, whether its handler returns or panics, and whether it is
// sampled or not.
func TestUnderTheMiddleware(t *testing.T) {
	for name, sampler := range map[string]trace.Sampler{"sampled": trace.Always(), "not sampled": trace.Never()} {
		for _, path := range []string{"/", "/panic"} {
			t.Run(name+path, func(t *testing.T) {
				tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}, Sampler: sampler})
				w := new(lines)
				logs := slogspan.NewHandler(w, slogspan.Config{Provider: tp})
				logger := slog.New(logs)
				var ids trace.SpanContext
				handler := middleware.New(tp, middleware.Config{AfterResponse: []func(context.Context){logs.AfterResponse()}})(
					fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
						ids = trace.SpanFromContext(ctx).SpanContext()
						logger.InfoContext(ctx, "in the handler")
						ctx, span := trace.Start(ctx, "child")
						defer span.End()
						logger.InfoContext(ctx, "in a child")
						if r.URL.Path == "/panic" {
							panic("oh")
						}
						w.WriteHeader(fsthttp.StatusNoContent)
					}))

				for range 3 {
					w.all = nil
					req, err := fsthttp.NewRequest(fsthttp.MethodGet, "https://example.com"+path, nil)
					require.NoError(t, err)
					serve := func() { handler(context.Background(), fsttest.NewRecorder(), req) }
					if path == "/panic" {
						require.Panics(t, serve)
					} else {
						serve()
					}
					require.Len(t, w.all, 1)
					records := readOTLP(t, w.all[0])
					require.Len(t, records, 2)
					require.Equal(t, ids.TraceID.String(), records[0]["trace_id"])
					require.Equal(t, ids.SpanID.String(), records[0]["span_id"])
					require.Equal(t, ids.TraceID.String(), records[1]["trace_id"])
					if ids.IsSampled() { // otherwise there is no child
						require.NotEqual(t, ids.SpanID.String(), records[1]["span_id"])
					}
				}
			})
		}
	}
}
