//go:build wasip1

// A guest that serves many requests in one sandbox.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	served := 0
	fsthttp.ServeMany(func(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		served++
		if r.URL.Path == "/panic" {
			panic("asked to")
		}
		fmt.Fprintf(w, "%s %d %s", os.Getenv("FASTLY_TRACE_ID"), served, r.URL.Path)
	}, &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
}
