// Command ship sends the spans in a file repeatedly.
//
//	ship FILE URL
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/wasi"
)

func main() {
	f := wasi.Open(os.Args[1], wasi.Config{
		Sink:  otlphttp.New(otlphttp.Config{URL: os.Args[2], Transport: new(nethttp.Transport), MaxBody: 50_000}),
		Lease: 100 * time.Millisecond,
	})
	for {
		if err := f.Flush(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "ship:", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
