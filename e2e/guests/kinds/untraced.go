//go:build untraced

package main

import (
	"context"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// The counterparts of traced.go without Edgespan.

func traced(h fsthttp.Handler) fsthttp.Handler { return h }

func send(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	return req.Send(ctx, backend)
}

func handoffWebsocket(_ context.Context, r *fsthttp.Request, backend string) error {
	return r.HandoffWebsocket(backend)
}

func handoffFanout(_ context.Context, r *fsthttp.Request, backend string) error {
	return r.HandoffFanout(backend)
}

func adapt(h http.Handler) fsthttp.Handler { return fsthttp.Adapt(h) }
