//go:build !wasip1

package middleware

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

var errNoAnswer = errors.New("middleware: what ContextWithBackends was given returned neither a response nor an error")

// askBackend is req.Send, or what ContextWithBackends says.
func askBackend(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	if answer, ok := ctx.Value(backendsKey{}).(backends); ok && answer != nil {
		resp, err := answer(req, backend)
		switch {
		case err != nil:
			return nil, err
		case resp == nil:
			return nil, errNoAnswer
		case resp.Body == nil: // what a backend sends has one, be it empty
			resp.Body = io.NopCloser(strings.NewReader(""))
		}
		return resp, nil
	}
	return req.Send(ctx, backend)
}
