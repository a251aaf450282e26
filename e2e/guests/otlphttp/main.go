// Command otlphttp is a service that sends its traces to an OTLP receiver instead of a log endpoint. The first element of the
// path names the receiver, which is a backend. Below /batch/ the sandbox sends many traces together.
package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/backend"
	"github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

const token = "topsecret"

// target is a way to send traces, with its results.
type target struct {
	exporter *otlphttp.Exporter
	serve    fsthttp.HandlerFunc
	told     []string
}

func newTarget(transport otlphttp.Transport, config otlphttp.Config, wrap func(*otlphttp.Exporter) trace.Exporter) *target {
	config.Transport = transport
	if config.URL == "" {
		config.URL = "http://receiver.example"
	}
	config.Headers = map[string]string{"Authorization": "Bearer " + token}
	config.Attempts = 1
	t := &target{exporter: otlphttp.New(config)}
	var exporter trace.Exporter = t.exporter
	if wrap != nil {
		exporter = wrap(t.exporter)
	}
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "otlphttp", Exporter: exporter, OnError: func(err error) {
		t.told = append(t.told, err.Error())
	}})
	t.serve = middleware.New(tp)(fsthttp.HandlerFunc(handle))
	return t
}

var processor *batch.Processor

func main() {
	targets := map[string]*target{
		"plain":    newTarget(backend.Named("otlp"), otlphttp.Config{}, nil),
		"gzip":     newTarget(backend.Named("otlp"), otlphttp.Config{Gzip: gzip.Compress}, nil),
		"dynamic":  nil, // made by the first request, which has the address
		"down":     newTarget(backend.Named("down"), otlphttp.Config{}, nil),
		"missing":  newTarget(backend.Named("no-such-backend"), otlphttp.Config{}, nil),
		"slow":     newTarget(backend.Named("otlp"), otlphttp.Config{URL: "http://receiver.example/slow", Timeout: 2 * time.Second}, nil),
		"drip":     newTarget(backend.Named("otlp"), otlphttp.Config{URL: "http://receiver.example/drip", Timeout: time.Second}, nil),
		"nonsense": newTarget(backend.Named("otlp"), otlphttp.Config{URL: "http://receiver.example/nonsense"}, nil),
		"cut":      newTarget(backend.Named("otlp"), otlphttp.Config{URL: "http://receiver.example/cut"}, nil),
		"batch": newTarget(backend.Named("otlp"), otlphttp.Config{URL: "http://receiver.example/batch"}, func(e *otlphttp.Exporter) trace.Exporter {
			processor = batch.New(batch.Config{Sink: e, Mode: batch.Inline, Spans: 20, Age: -1})
			return processor
		}),
	}
	fsthttp.ServeMany(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/")
		if name, ok := strings.CutPrefix(path, "stats/"); ok {
			stats(w, targets[name])
			return
		}
		name, _, _ := strings.Cut(path, "/")
		t := targets[name]
		if t == nil && name == "dynamic" {
			address := r.URL.Query().Get("address")
			t = newTarget(backend.Dynamic("edgespan-otlp", address, nil), otlphttp.Config{URL: "http://" + address}, nil)
			targets[name] = t
		}
		if t == nil {
			w.WriteHeader(fsthttp.StatusNotFound)
			return
		}
		w.Header().Set("X-Sandbox", sandbox)
		t.serve(ctx, w, r)
	}, &fsthttp.ServeManyOptions{NextTimeout: time.Second, MaxRequests: 50})
	_ = processor.Shutdown(context.Background()) // the traces that are left when the sandbox ends
}

var sandbox = strconv.FormatInt(time.Now().UnixNano(), 36)

func handle(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	_, span := trace.Start(ctx, "render")
	defer span.End()
	_, _ = fmt.Fprintln(w, "hello")
}

// stats reports what happened to a target's spans in this sandbox.
func stats(w fsthttp.ResponseWriter, t *target) {
	w.Header().Set("X-Sandbox", sandbox)
	if t == nil {
		return
	}
	s := t.exporter.Stats()
	_, _ = fmt.Fprintf(w, "requests=%d spans=%d rejected=%d dropped=%d told=%d %s\n", s.Requests, s.Spans, s.RejectedSpans, s.DroppedSpans, len(t.told), strings.Join(t.told, "; "))
}
