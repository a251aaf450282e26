package middleware

import (
	"errors"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/httpconv"
)

// The functions of a Config, and the two of its Propagation.
const (
	askFilter = iota
	askRoute
	askTrustParent
	askExtract
	askInject
	askOnRequest
	askOnHeaders
	askOnBackend
	askBeforeEnd
	askAfterResponse
)

var askedNames = [...]string{
	askFilter:        "Filter",
	askRoute:         "Route",
	askTrustParent:   "TrustParent",
	askExtract:       "Propagation",
	askInject:        "Propagation",
	askOnRequest:     "OnRequest",
	askOnHeaders:     "OnHeaders",
	askOnBackend:     "OnBackend",
	askBeforeEnd:     "BeforeEnd",
	askAfterResponse: "AfterResponse",
}

// at calls the functions that the Config has for one moment of a request, in their order.
func (c *configured) at(x *exchange, now moment) {
	switch now {
	case arriving:
		if c.tp != nil {
			c.ask(askFilter, 1, x, nil)
		}
		c.ask(askTrustParent, 1, x, nil) // also if the request is not traced, since the function may remove a secret header
		if c.config.Propagation != nil {
			x.ctx, x.extracted = &x.base, true
			c.ask(askExtract, 1, x, nil)
		}
	case starting:
		c.ask(askRoute, 1, x, nil)
		if len(c.config.OnHeaders) > 0 {
			x.begun = time.Now()
		}
	case recording:
		httpconv.Record(x.span, c.requestHeaders, x.r.Header)
		c.ask(askOnRequest, len(c.config.OnRequest), x, nil)
	case answering:
		c.ask(askOnHeaders, len(c.config.OnHeaders), x, nil)
		if x.maySend() && x.span.IsRecording() {
			httpconv.Record(x.span, c.responseHeaders, x.w.Header())
		}
	case ending:
		c.ask(askBeforeEnd, len(c.config.BeforeEnd), x, nil)
	case over:
		c.ask(askAfterResponse, len(c.config.AfterResponse), x, nil)
	}
}

// ask calls the n functions of one kind for the exchange x, or for the backend request out, and keeps their results there.
//
//go:noinline
func (c *configured) ask(what, n int, x *exchange, out *outbound) {
	for i := range n {
		c.askOne(what, i, x, out)
	}
}

// askOne calls the function with index i. If it panics, the panic is reported, and the request goes on as if the function were
// not there. All functions are called in this one place, since each function that recovers adds a kilobyte to a binary.
func (c *configured) askOne(what, i int, x *exchange, out *outbound) {
	defer func() {
		if v := recover(); v != nil {
			c.tp.ReportError(errors.New("middleware: panic in Config." + askedNames[what] + ": " + fault.Message(v)))
		}
	}()
	switch what {
	case askFilter:
		x.untraced = c.config.Filter != nil && !c.config.Filter(x.r)
	case askRoute:
		if c.config.Route != nil {
			x.route = c.config.Route(x.r)
		}
	case askTrustParent:
		x.trusted = c.config.TrustParent != nil && c.config.TrustParent(x.r)
	case askExtract:
		c.config.Propagation.extract(x)
	case askInject:
		c.config.Propagation.inject(out)
	case askOnRequest:
		c.config.OnRequest[i](x.span, x.r)
	case askOnHeaders:
		c.config.OnHeaders[i](x.ctx, x.w.Header())
	case askOnBackend:
		c.config.OnBackend[i](out.span, out.resp)
	case askBeforeEnd:
		c.config.BeforeEnd[i](x.span, x.r)
	case askAfterResponse:
		c.config.AfterResponse[i](x.ctx)
	}
}
