//go:build wasip1

// This program is the guest whose host calls fail. It is compiled twice: as it is, and with the build tag untraced, which leaves tracing
// out.
package main

import (
	"context"
	"fmt"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() { fsthttp.Serve(traced(handle)) }

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch r.URL.Path {
	case "/panic":
		panic("in the handler")
	case "/backend":
		if resp := fetch(ctx, w, read); resp != nil {
			text, err := io.ReadAll(resp.Body)
			fmt.Fprintln(w, resp.StatusCode, string(text), err)
		}
	case "/append":
		if resp := fetch(ctx, w, send); resp != nil {
			fmt.Fprintln(w, "from the backend:")
			if err := w.Append(resp.Body); err != nil {
				fmt.Fprintln(w, err)
			}
		}
	case "/headers":
		w.Header().Set("X-Path", r.URL.Path)
		w.WriteHeader(fsthttp.StatusNotFound)
	default:
		fmt.Fprintln(w, "hello")
	}
}

// fetch asks the backend. If that fails, it answers with the error and returns nil.
func fetch(ctx context.Context, w fsthttp.ResponseWriter, send sender) *fsthttp.Response {
	req, err := fsthttp.NewRequest("GET", "http://backend.example/", nil)
	if err != nil {
		panic(err)
	}
	req.CacheOptions.Pass = true
	resp, err := send(ctx, req, "origin")
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
		return nil
	}
	return resp
}

type sender func(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error)
