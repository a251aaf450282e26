// Command faulty is a WASI program for a host whose calls fail. It prints its own work, what becomes of each span, and what its receiver
// takes.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

func main() {
	far := &receiver{}
	f := wasi.Open("/spans.jsonl", wasi.Config{
		Sink:        otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: far, MaxBody: 1}), // a line is a request
		MaxFileSize: 600,                                                                                // two lines are a part
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
			far.takes = 3 // a part and a half
			_ = f.Flush(context.Background())
		}
	}
	far.takes = 1000
	fmt.Println("flushed", f.Flush(context.Background()))
}

// receiver takes a number of requests, and is down after that.
type receiver struct{ takes int }

func (r *receiver) Post(_ context.Context, req *otlphttp.Request) (otlphttp.Response, error) {
	if r.takes--; r.takes < 0 {
		return otlphttp.Response{}, errors.New("down")
	}
	fmt.Printf("sent %s\n", req.Body)
	return otlphttp.Response{Status: 200, ContentType: "application/json", Body: []byte("{}")}, nil
}
