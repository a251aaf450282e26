//go:build wasip1 && untraced

package main

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

var read, send sender = sendPlainly, sendPlainly

func traced(h fsthttp.HandlerFunc) fsthttp.Handler { return h }

func sendPlainly(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	return req.Send(ctx, backend)
}
