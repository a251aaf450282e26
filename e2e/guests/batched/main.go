// Command batched serves many requests in one sandbox, and writes several traces to a line. The first element of the path
// chooses how a request is traced:
//
//	batched   by an endpoint that holds four traces
//	twenty    by one that holds twenty
//	aged      by one that holds them for at most 300 ms
//	plain     by one that does not batch
//	untraced  not at all
//
// The traces of "batched" are also written to the endpoint "plain_logs", one per line.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// tee is an exporter that exports to two others.
type tee struct {
	*logendpoint.Batched
	plain  *logendpoint.Endpoint
	others []*logendpoint.Batched // only flushed
}

func (t *tee) Export(ctx context.Context, b *trace.Batch) error {
	if err := t.plain.Export(ctx, b.Clone()); err != nil {
		return err
	}
	return t.Batched.Export(ctx, b)
}

func (t *tee) Flush(ctx context.Context) error {
	for _, other := range t.others {
		_ = other.Flush(ctx)
	}
	return t.Batched.Flush(ctx)
}

func (t *tee) FlushDue(ctx context.Context) error {
	for _, other := range t.others {
		_ = other.FlushDue(ctx)
	}
	return t.Batched.FlushDue(ctx)
}

var (
	sandbox = strconv.FormatInt(time.Now().UnixNano(), 36) // identifies this sandbox
	served  int
)

func main() {
	aged := logendpoint.OpenBatched("otlp_logs", logendpoint.BatchConfig{Traces: 1000, Age: 300 * time.Millisecond})
	batched := logendpoint.OpenBatched("otlp_logs", logendpoint.BatchConfig{Traces: 4, Age: time.Hour})
	twenty := logendpoint.OpenBatched("otlp_logs")
	provider := func(e trace.Exporter) *trace.TracerProvider {
		return trace.NewTracerProvider(trace.Config{ServiceName: "batched", Exporter: e})
	}
	tp := provider(&tee{batched, logendpoint.Open("plain_logs"), []*logendpoint.Batched{aged, twenty}})
	handlers := map[string]fsthttp.HandlerFunc{
		"batched":  middleware.New(tp)(fsthttp.HandlerFunc(handle)),
		"twenty":   middleware.New(provider(twenty))(fsthttp.HandlerFunc(handle)),
		"aged":     middleware.New(provider(aged))(fsthttp.HandlerFunc(handle)),
		"plain":    middleware.New(provider(logendpoint.Open("otlp_logs")))(fsthttp.HandlerFunc(handle)),
		"untraced": handle,
	}
	middleware.ServeMany(tp, func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		how, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		handlers[how](ctx, w, r)
	}, &fsthttp.ServeManyOptions{NextTimeout: 4 * time.Second, MaxRequests: 100})
}

// handle starts ?n children. Each has an attribute, some have an event or an error.
func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	served++
	w.Header().Set("X-Sandbox", sandbox)
	w.Header().Set("X-Served", strconv.Itoa(served))
	switch {
	case strings.HasSuffix(r.URL.Path, "/panic"):
		panic("batched")
	case strings.HasSuffix(r.URL.Path, "/exit"):
		note(ctx)
		os.Exit(3)
	case strings.HasSuffix(r.URL.Path, "/sleep"):
		note(ctx)
		time.Sleep(300 * time.Millisecond)
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	for i := range n {
		_, span := trace.Start(ctx, "child", trace.Int("number", i), trace.String("of", r.URL.RawQuery))
		if i%3 == 0 {
			span.AddEvent("third", trace.Float64("part", float64(i)/3))
			span.SetStatus(trace.StatusError, "the "+strconv.Itoa(i)+"th")
		}
		span.End()
	}
	_, _ = fmt.Fprintf(w, "%d children\n", n)
}

// note records the sandbox of a request whose client does not get a response.
func note(ctx context.Context) {
	sc := trace.SpanFromContext(ctx).SpanContext()
	_, _ = fmt.Fprintf(rtlog.Open("notes"), "%s %s", sc.TraceID, sandbox)
}
