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
	resp, err := req.Send(ctx, backend)
	if err != nil && strings.HasSuffix(err.Error(), "not implemented") {
		err = unsent{err}
	}
	return resp, err
}

// unsent is the SDK's error for want of a platform, with what a test can do about it.
type unsent struct{ error }

func (e unsent) Error() string {
	return e.error.Error() + " where a handler runs natively; in tests, middleware.ContextWithBackends answers for backends"
}

func (e unsent) Unwrap() error { return e.error }
