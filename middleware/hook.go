package middleware

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/trace"
)

// The functions of a Config.
const (
	hookFilter = iota
	hookRoute
	hookTrustParent
	hookExtract
	hookInject
	hookOnRequest
	hookOnHeaders
	hookOnBackend
	hookBeforeEnd
	hookAfterResponse
)

var hookNames = [...]string{"Filter", "Route", "TrustParent", "Propagation", "Propagation", "OnRequest", "OnHeaders", "OnBackend", "BeforeEnd", "AfterResponse"}

// ask calls a function of the Config, the i-th where there may be several, about an exchange or what goes out in it, and takes
// note of the answer. A panic is reported, and the request goes on as if the function were not there. All are called in this
// one place, since each that recovers would be half a kilobyte of a binary.
func (m *middleware) ask(hook, i int, x *exchange, out *outbound) {
	defer func() {
		if v := recover(); v != nil {
			m.tp.ReportError(errors.New("middleware: panic in Config." + hookNames[hook] + ": " + trace.Message(v)))
		}
	}()
	switch hook {
	case hookFilter:
		x.filtered = m.Filter != nil && !m.Filter(x.r)
	case hookRoute:
		if m.Route != nil {
			x.route = m.Route(x.r)
		}
	case hookTrustParent:
		x.trusted = m.TrustParent != nil && m.TrustParent(x.r)
	case hookExtract:
		m.Propagation.extract(x)
	case hookInject:
		m.Propagation.inject(out)
	case hookOnHeaders:
		m.OnHeaders[i](x.ctx, x.w.Header())
	case hookOnBackend:
		m.OnBackend[i](out.span, out.resp)
	case hookBeforeEnd:
		m.BeforeEnd[i](x.span, x.r)
	case hookOnRequest:
		m.OnRequest[i](x.span, x.r)
	case hookAfterResponse:
		m.AfterResponse[i](x.ctx)
	}
}
