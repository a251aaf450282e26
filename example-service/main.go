// Command example-service is a small Fastly Compute service.
//
// It stands in until the traced example takes its place: the routes are real,
// the trace line is a constant.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

func main() {
	fsthttp.ServeFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		handle(ctx, w, r)
		fmt.Fprintln(rtlog.Open("otlp_logs"), `{"resourceSpans":[]}`)
	})
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch r.URL.Path {
	case "/":
		fmt.Fprintln(w, "Hello from the edge")
	case "/api/data":
		fetch(ctx, w, "backend")
	default:
		w.WriteHeader(fsthttp.StatusNotFound)
		fmt.Fprintln(w, "not found")
	}
}

// fetch passes the backend's answer on to the client.
func fetch(ctx context.Context, w fsthttp.ResponseWriter, backend string) {
	req, err := fsthttp.NewRequest(fsthttp.MethodGet, "http://origin.example/data", nil)
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
