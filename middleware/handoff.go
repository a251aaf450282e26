package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// HandoffWebsocket is r.HandoffWebsocket with a note in the server span: fastly.handoff and fastly.backend. The plain method
// works as well, and leaves no note.
//
// Either way the platform hands off the request as the client has sent it. What this program does to its headers does not count: the
// backend gets the client's traceparent and baggage, and the header of a [SharedSecret], whatever [Config] says.
func HandoffWebsocket(ctx context.Context, r *fsthttp.Request, backend string) error {
	return handoff(ctx, "websocket", backend, r.HandoffWebsocket)
}

// HandoffFanout is r.HandoffFanout with a note in the server span: fastly.handoff and fastly.backend. The plain method works
// as well; its span says status 200, for the middleware can't tell it from a handler that sends nothing. The backend gets the client's
// headers as [HandoffWebsocket] says.
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
