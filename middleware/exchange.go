package middleware

import (
	"context"
	"sync"
	"time"
	"unsafe"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// exchange is one request and its response.
type exchange struct {
	base     exchangeContext // must be the first field, see get
	m        *middleware
	r        *fsthttp.Request
	w        recorder
	ctx      context.Context // the handler's context, which carries span
	span     *trace.Span
	untraced bool // Config.Filter returned false, or there is no provider
	trusted  bool // Config.TrustParent returned true

	extracted bool // parent was set by Config.Propagation
	parent    trace.SpanContext

	begun   time.Time // set if there are Config.OnHeaders functions
	method  string    // the value of http.request.method
	head    bool      // the request is a HEAD, so its response has no body; the handler may change r.Method
	route   string
	routed  bool   // a handler has set the route since Adapt began
	handoff string // how the request was handed off: "websocket" or "fanout"

	mu   sync.Mutex
	open []*trace.Span // spans of SendBody whose bodies are still to be read
}

// exchangeContext is the context that the handler gets. It has no pointer to the exchange that it is the first field of. If it
// had one, TinyGo would link the methods of all types that can be reached from it, because it is stored in an interface. An
// *fsthttp.Request reaches all of fsthttp, which is 50 kB.
type exchangeContext struct {
	_       [0]func()       // forbids ==, whose code would be linked
	wrapped context.Context // the platform's; not embedded, because that would link each method twice
}

func (c *exchangeContext) Deadline() (time.Time, bool) { return c.wrapped.Deadline() }
func (c *exchangeContext) Done() <-chan struct{}       { return c.wrapped.Done() }
func (c *exchangeContext) Err() error                  { return c.wrapped.Err() }

func (c *exchangeContext) Value(key any) any {
	if _, ok := key.(*exchangeContext); ok { // not ==: TinyGo compares two interfaces by reflection
		return c
	}
	return c.wrapped.Value(key)
}

// set replaces c.wrapped by ctx, which must be derived from it.
func (c *exchangeContext) set(ctx context.Context) {
	if ctx != nil {
		c.wrapped = ctx
	}
}

// get returns the exchange that c is the first field of.
func (c *exchangeContext) get() *exchange { return (*exchange)(unsafe.Pointer(c)) }

func exchangeFrom(ctx context.Context) *exchange {
	if c, ok := ctx.Value((*exchangeContext)(nil)).(*exchangeContext); ok { // the type is the key, too
		return c.get()
	}
	return nil
}

// SetRoute sets the route of the request that ctx belongs to. The route becomes http.route and part of the name of the server
// span. It is for routers that know the route only after matching. Call it in the goroutine that serves the request. By then
// the sampler has been asked, without this route. SetRoute does nothing if ctx does not belong to a traced request.
func SetRoute(ctx context.Context, route string) {
	if x := exchangeFrom(ctx); x != nil {
		x.setRoute(route)
	}
}

func (x *exchange) setRoute(route string) {
	x.route, x.routed = route, true
	x.span.SetName(httpconv.SpanName(x.method, route))
}
