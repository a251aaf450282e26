//go:build !wasip1

package middleware

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

var errNoAnswer = errors.New("middleware: the function of ContextWithBackends returned neither a response nor an error")

// askBackend calls the function that ContextWithBackends has put into ctx, or else req.Send.
func askBackend(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	if answer, ok := ctx.Value(backendsKey{}).(backends); ok && answer != nil {
		resp, err := answer(req, backend)
		switch {
		case err != nil:
			return nil, err
		case resp == nil:
			return nil, errNoAnswer
		case resp.Body == nil: // a backend's response always has a body, which may be empty
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

// unsent is the error of the Compute SDK where there is no platform. It adds what a test can do about it.
type unsent struct{ error }

func (e unsent) Error() string {
	return e.error.Error() + ": a handler that runs natively has no backends; in tests, use middleware.ContextWithBackends"
}

func (e unsent) Unwrap() error { return e.error }
