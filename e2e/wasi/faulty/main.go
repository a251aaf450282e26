// Command faulty is a WASI program for a host whose calls fail. It prints its own work, what becomes of each span, and what its receiver
// takes.
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/edgespan/edgespan/e2e/wasi/far"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

func main() {
	to := new(far.Receiver)
	f := wasi.Open("/spans.jsonl", wasi.Config{
		Sink:        otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: to, MaxBody: 1}), // a line is a request
		MaxFileSize: 600,                                                                               // two lines are a part
		Lease:       time.Hour,
		Sync:        true,
	})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "faulty", Exporter: f, OnError: func(err error) { fmt.Println("error", err) }})
	for i := range 7 {
		fmt.Println("work", i)
		before := f.Stats()
		_, span := tp.Start(context.Background(), fmt.Sprint("span", i), trace.StartConfig{})
		span.End()
		switch after := f.Stats(); {
		case after.Spans > before.Spans:
			fmt.Printf("kept span%d\n", i)
		case after.DroppedSpans > before.DroppedSpans:
			fmt.Printf("dropped span%d\n", i)
		}
		if i == 4 {
			to.Takes = 3 // a part and a half
			_ = f.Flush(context.Background())
		}
	}
	to.Takes = 1000
	fmt.Println("flushed", f.Flush(context.Background()))
}
