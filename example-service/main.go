// Command example-service is a small Fastly Compute service.
//
// It stands in until the traced example takes its place: the routes are real,
// the trace line is written by hand.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

func main() {
	fsthttp.ServeFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		handle(ctx, w, r)
		traceID := "00000000000000000000000000000001"
		if parent := strings.Split(r.Header.Get("traceparent"), "-"); len(parent) == 4 {
			traceID = parent[1]
		}
		fmt.Fprintf(rtlog.Open("otlp_logs"), `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s"}]}]}]}`, traceID)
	})
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	item, isItem := strings.CutPrefix(r.URL.Path, "/api/items/")
	switch {
	case r.URL.Path == "/":
		fmt.Fprintln(w, "Hello from the edge")
	case r.URL.Path == "/api/data":
		fetch(ctx, w, "backend", "/data")
	case isItem:
		fetch(ctx, w, "backend", "/items/"+item)
		fetch(ctx, w, "inventory", "/stock/"+item)
	default:
		w.WriteHeader(fsthttp.StatusNotFound)
		fmt.Fprintln(w, "not found")
	}
}

// fetch passes the backend's answer on to the client.
func fetch(ctx context.Context, w fsthttp.ResponseWriter, backend, path string) {
	req, err := fsthttp.NewRequest(fsthttp.MethodGet, "http://"+backend+path, nil)
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusInternalServerError)
		return
	}
	resp, err := req.Send(ctx, backend)
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	if _, err := io.Copy(w, resp.Body); err != nil {
		fmt.Fprintln(os.Stderr, "example-service: copying the backend's body:", err)
	}
}
