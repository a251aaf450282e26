package middleware

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// exchange is one request and its response, and the context below which the handler works.
type exchange struct {
	beneath  context.Context // the platform's; not embedded, which would make each method twice
	m        *middleware
	r        *fsthttp.Request
	w        recorder
	ctx      context.Context // the handler's, which carries span
	span     *trace.Span
	filtered bool // Config.Filter has said no
	trusted  bool // the parent is
	parent   trace.SpanContext
	begun    time.Time // where Config.OnHeaders may ask
	method   string    // as http.request.method has it
	route    string
	header   fsthttp.Header // of a request to backend, while inject is at it
	backend  string
	resp     *fsthttp.Response // for Config.OnBackend
	handoff  string            // what the request was handed off as: "websocket", "fanout"
}

type exchangeKey struct{}

func (x *exchange) Deadline() (time.Time, bool) { return x.beneath.Deadline() }
func (x *exchange) Done() <-chan struct{}       { return x.beneath.Done() }
func (x *exchange) Err() error                  { return x.beneath.Err() }

func (x *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	return x.beneath.Value(key)
}

func exchangeFrom(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// SetRoute sets the route of the request that ctx belongs to: http.route, and part of the name of its server span. It is for
// routers that know the route when they have found it; a sampler that goes by the route has been asked by then. Elsewhere it
// does nothing.
func SetRoute(ctx context.Context, route string) {
	if x := exchangeFrom(ctx); x != nil {
		x.setRoute(route)
	}
}

func (x *exchange) setRoute(route string) {
	x.route = route
	x.span.SetName(httpconv.SpanName(x.method, route))
}
