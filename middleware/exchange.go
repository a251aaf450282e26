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
	below    exchangeContext // the first, see get
	m        *middleware
	r        *fsthttp.Request
	w        recorder
	ctx      context.Context // the handler's, which carries span
	span     *trace.Span
	untraced bool // Config.Filter has said no, or there is no provider
	trusted  bool // the parent is, so far as it says whether it is sampled

	extracted bool // Config.Propagation says what parent is
	parent    trace.SpanContext

	begun   time.Time // where Config.OnHeaders may ask
	method  string    // as http.request.method has it
	head    bool      // its response has no body, whatever the handler makes of the method
	route   string
	routed  bool   // a handler has set the route, since Adapt has looked
	handoff string // what the request was handed off as: "websocket", "fanout"

	mu   sync.Mutex
	open []*trace.Span // of bodies that are to be read: SendBody's
}

// exchangeContext is the context below which the handler works. It has no pointer to the exchange that it begins: TinyGo links the
// methods of all that the fields of a type lead to that stands behind an interface, and a request leads to all of fsthttp: 50 kB.
type exchangeContext struct {
	_       [0]func()       // no ==, which would be code
	beneath context.Context // the platform's; not embedded, which would make each method twice
}

func (c *exchangeContext) Deadline() (time.Time, bool) { return c.beneath.Deadline() }
func (c *exchangeContext) Done() <-chan struct{}       { return c.beneath.Done() }
func (c *exchangeContext) Err() error                  { return c.beneath.Err() }

func (c *exchangeContext) Value(key any) any {
	if _, ok := key.(*exchangeContext); ok { // with TinyGo, == of two interfaces is made of reflection
		return c
	}
	return c.beneath.Value(key)
}

// add makes ctx, derived from what is beneath, what is beneath.
func (c *exchangeContext) add(ctx context.Context) {
	if ctx != nil {
		c.beneath = ctx
	}
}

// get returns the exchange, whose first field c is.
func (c *exchangeContext) get() *exchange { return (*exchange)(unsafe.Pointer(c)) }

func exchangeFrom(ctx context.Context) *exchange {
	if c, ok := ctx.Value((*exchangeContext)(nil)).(*exchangeContext); ok { // the type is the key too
		return c.get()
	}
	return nil
}

// SetRoute sets the route of the request that ctx belongs to: http.route, and part of the name of its server span. It is for
// routers that know the route when they have found it, and is called by the goroutine that serves the request; a sampler that
// goes by the route has been asked by then. Elsewhere it does nothing.
func SetRoute(ctx context.Context, route string) {
	if x := exchangeFrom(ctx); x != nil {
		x.setRoute(route)
	}
}

func (x *exchange) setRoute(route string) {
	x.route, x.routed = route, true
	x.span.SetName(httpconv.SpanName(x.method, route))
}
