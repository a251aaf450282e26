// Command many serves many requests in one sandbox. Its handlers would show it if a request could see or change something that
// belongs to another. Below /untraced/ they run without the middleware.
package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

var (
	endpoint = logendpoint.Open("otlp_logs")
	// mistaken has a name that no endpoint can have.
	mistaken = logendpoint.Open("bad:name")
)

func main() {
	good := trace.NewTracerProvider(trace.Config{ServiceName: "many", Exporter: endpoint})
	bad := trace.NewTracerProvider(trace.Config{ServiceName: "many", Exporter: mistaken})
	config := middleware.Config{OnRequest: []func(*trace.Span, *fsthttp.Request){middleware.FaaS}}
	plain := fsthttp.HandlerFunc(handle)
	traced, misguided := middleware.New(good, config)(plain), middleware.New(bad, config)(plain)

	fsthttp.ServeMany(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/untraced/"):
			plain(ctx, w, r)
		case strings.HasPrefix(r.URL.Path, "/bad-name/"):
			misguided(ctx, w, r)
		default:
			traced(ctx, w, r)
		}
	}, &fsthttp.ServeManyOptions{NextTimeout: 5 * time.Second, MaxRequests: 100})
}

// sandbox identifies this sandbox; the counters belong to it.
var (
	sandbox = strconv.FormatInt(time.Now().UnixNano(), 36)
	served  int
)

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	served++
	w.Header().Set("X-Sandbox", sandbox)
	w.Header().Set("X-Served", strconv.Itoa(served))
	switch r.URL.Path[strings.LastIndexByte(r.URL.Path, '/'):] {
	case "/children":
		children(ctx, w, r)
	case "/keep":
		keep(ctx, w)
	case "/use":
		use(ctx, w)
	case "/late":
		late(ctx, w)
	case "/panic":
		panic("many")
	case "/stats":
		s := endpoint.Stats()
		_, _ = fmt.Fprintln(w, s.Lines, s.Bytes, s.Spans)
	default:
		_, _ = fmt.Fprintf(w, "%s\n", r.Method)
	}
}

// children starts ?n child spans, each with its own attribute.
func children(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	for i := range n {
		_, span := trace.Start(ctx, "child", trace.Int("many.number", i))
		if i == 0 {
			span.AddEvent("first")
			span.SetStatus(trace.StatusError, "the first of "+strconv.Itoa(n))
		}
		span.End()
	}
	_, _ = fmt.Fprintf(w, "%d children\n", n)
}

// kept are spans of a request that is over.
var (
	kept    []*trace.Span
	keptCtx context.Context
)

// keep keeps its server span and a child for later requests.
func keep(ctx context.Context, w fsthttp.ResponseWriter) {
	_, ended := trace.Start(ctx, "kept, ended")
	ended.End()
	keptCtx = ctx
	kept = []*trace.Span{trace.SpanFromContext(ctx), ended}
	_, _ = fmt.Fprintln(w, "kept", len(kept))
}

// use calls every method of the kept spans.
func use(ctx context.Context, w fsthttp.ResponseWriter) {
	for _, span := range kept {
		span.SetAttributes(trace.String("stale", "must not be seen"))
		span.AddEvent("stale")
		span.RecordError(fmt.Errorf("stale"))
		span.SetStatus(trace.StatusError, "stale")
		span.SetName("stale")
		span.End()
	}
	_, own := trace.Start(ctx, "own")
	own.End()
	_, _ = fmt.Fprintln(w, "used", len(kept))
	kept = nil
}

// late starts a child of a span whose request is over.
func late(_ context.Context, w fsthttp.ResponseWriter) {
	if keptCtx == nil {
		_, _ = fmt.Fprintln(w, "nothing kept")
		return
	}
	_, span := trace.Start(keptCtx, "late child")
	span.End()
	keptCtx = nil
	_, _ = fmt.Fprintln(w, "late")
}
