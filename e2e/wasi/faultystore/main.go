// Command faultystore is a program whose unsent spans are in a file of package filestore, for a host whose calls fail. It prints its own
// work, what becomes of each span, and which its receiver takes.
package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/edgespan/edgespan/e2e/wasi/far"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/batch/filestore"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	to := new(far.Receiver)
	p := batch.New(batch.Config{
		Sink:    otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: to, MaxBody: 1 << 19}), // less than two lines
		Store:   filestore.Open("/spans.jsonl", filestore.Config{Sync: true}),
		Mode:    batch.Manual,
		OnError: func(err error) { fmt.Println("error", err) },
	})
	for i := range 7 {
		fmt.Println("work", i)
		name, filling := fmt.Sprint("span", i), ""
		if i < 5 {
			filling = strings.Repeat("x", 1<<18) // so that the file is soon worth writing anew
		}
		before := p.Stats().StoreErrors
		_ = p.Export(context.Background(), &trace.Batch{Spans: []trace.SpanData{{Name: name, Attributes: []trace.Attribute{trace.String("filling", filling)}}}})
		if p.Stats().StoreErrors > before {
			fmt.Println("dropped", name) // by the store
		} else {
			fmt.Println("kept", name)
		}
		switch i {
		case 1:
			to.Takes = 1
			_ = p.Flush(context.Background()) // leaves a mark
		case 4:
			to.Takes = 3
			_ = p.Flush(context.Background()) // makes the store write the file anew
		}
	}
}
