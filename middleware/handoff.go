package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// HandoffWebsocket is r.HandoffWebsocket, and also records fastly.handoff and fastly.backend on the server span. The plain
// method works too, without these attributes.
//
// In both cases the platform passes on the request as the client sent it. Changes that this program makes to the headers have
// no effect, so the backend gets the client's traceparent and baggage and the header of a [SharedSecret], whatever [Config]
// says.
func HandoffWebsocket(ctx context.Context, r *fsthttp.Request, backend string) error {
	return handoff(ctx, "websocket", backend, r.HandoffWebsocket)
}

// HandoffFanout is r.HandoffFanout, and also records fastly.handoff and fastly.backend on the server span. The plain method
// works too, but its span has status 200, because the middleware cannot distinguish it from a handler that sends nothing. The
// backend gets the client's headers, see [HandoffWebsocket].
func HandoffFanout(ctx context.Context, r *fsthttp.Request, backend string) error {
	return handoff(ctx, "fanout", backend, r.HandoffFanout)
}

func handoff(ctx context.Context, as, backend string, do func(string) error) error {
	err := do(backend)
	if x := exchangeFrom(ctx); x != nil {
		x.span.SetOutcome(trace.String("fastly.backend", backend))
		if err == nil {
			x.handoff = as
		} else {
			x.span.RecordError(err)
		}
	}
	return err
}
