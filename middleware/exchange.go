package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// exchange is one request and its response, and the context below which the handler works.
type exchange struct {
	context.Context
	m       *middleware
	r       *fsthttp.Request
	w       recorder
	ctx     context.Context // the handler's, which carries span
	span    *trace.Span
	parent  trace.SpanContext
	trusted bool   // parent is
	method  string // as http.request.method has it
	route   string
	handoff string // what the request was handed off as: "websocket", "fanout"
}

type exchangeKey struct{}

func (x *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	return x.Context.Value(key)
}

func exchangeFrom(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// SetRoute sets the route of the request that ctx belongs to: http.route, and part of the name of its server span. It is for
// routers that know the route when they have found it. Elsewhere it does nothing.
func SetRoute(ctx context.Context, route string) {
	if x := exchangeFrom(ctx); x != nil {
		x.route = route
	}
}
