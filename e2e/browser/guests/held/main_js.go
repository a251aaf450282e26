// Command held is a Go program in a page. Its spans are sent to a Collector with sdk/batch, otlphttp and fetch, and wait in
// localStorage.
package main

import (
	"context"
	"syscall/js"
	"time"

	"github.com/edgespan/edgespan/browser/localstore"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/fetch"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	global := js.Global()
	processor := batch.New(batch.Config{
		Sink:    otlphttp.New(otlphttp.Config{URL: global.Get("collector").String(), Transport: fetch.Transport{}, Timeout: 2 * time.Second}),
		Store:   localstore.Open("test"),
		Spans:   10,
		Age:     100 * time.Millisecond,
		Backoff: 10 * time.Millisecond, MaxBackoff: 10 * time.Millisecond,
		Attempts: -1,
		OnError:  func(err error) { global.Set("told", err.Error()) },
	})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "held", Exporter: processor})
	global.Set("span", js.FuncOf(func(_ js.Value, args []js.Value) any {
		_, span := tp.Start(context.Background(), args[0].String(), trace.StartConfig{})
		span.End()
		return nil
	}))
	global.Set("stats", js.FuncOf(func(js.Value, []js.Value) any {
		s := processor.Stats()
		return map[string]any{"loaded": s.Loaded, "sent": s.Sent, "held": s.Held, "failures": s.Failures, "storeErrors": s.StoreErrors, "dropped": s.Dropped, "rejected": s.Rejected}
	}))
	select {}
}
