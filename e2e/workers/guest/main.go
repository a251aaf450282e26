//go:build js

// Command guest is the Worker under test. It has one path for each traced operation.
package main

import (
	"context"
	"net/http"

	plain "github.com/syumai/workers"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare"
	"github.com/edgespan/edgespan/workers/cloudflare/cron"
	"github.com/edgespan/edgespan/workers/cloudflare/queues"
	"github.com/edgespan/edgespan/workers/incoming"
)

func main() {
	tp := trace.NewTracerProvider(workers.FromEnv())

	mux := http.NewServeMux()
	handle(mux, "/kv", inKV)
	handle(mux, "/r2", inR2)
	handle(mux, "/d1", inD1)
	handle(mux, "/queue", inQueue)
	handle(mux, "/cache", inCache)
	handle(mux, "/do", inDurableObject)
	handle(mux, "/fetch", fetched)
	handle(mux, "/work", work)
	handle(mux, "/later", later)
	handleResponses(mux)

	queues.ConsumeNonBlock(tp, func(ctx context.Context, batch *queues.MessageBatch) error {
		_, span := trace.Start(ctx, "work")
		defer span.End()
		text, err := batch.Messages[0].StringBody()
		span.SetAttributes(trace.String("body", text))
		return err
	})
	cron.ScheduleTaskNonBlock(tp, func(ctx context.Context) error {
		_, span := trace.Start(ctx, "sweep")
		span.End()
		return nil
	})
	serve := workers.Serve
	if cloudflare.Getenv("SERVE") == "plain" {
		serve = plain.Serve
	}
	serve(workers.New(tp, workers.Config{
		OnRequest:   []func(*trace.Span, *http.Request){incoming.Properties},
		OnHeaders:   []func(context.Context, http.Header){workers.ServerTiming},
		Propagation: workers.Propagate{ContextTo: func(r *http.Request) bool { return r.URL.Query().Get("context") != "none" }},
	})(mux))
}

func handle(mux *http.ServeMux, path string, f func(w http.ResponseWriter, r *http.Request) error) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}
