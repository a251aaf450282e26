// Command untraced-backend passes each request on to a backend.
package main

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() { fsthttp.ServeFunc(handle) }

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	resp, err := r.Send(ctx, "backend")
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
		return
	}
	w.Header().Reset(resp.Header)
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}
