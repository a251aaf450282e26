package workers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/exception"
	"github.com/edgespan/edgespan/workers/internal/pending"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// exchange is one request and its response.
type exchange struct {
	m      *middleware
	r      *http.Request // the request that the handler gets; its context carries the span
	w      recorder
	span   *trace.Span
	method string // the value of http.request.method
	head   bool   // a HEAD request: its response has no body, whatever the handler writes
	route  string
}

type exchangeKey struct{}

// SetRoute sets the route of the request to which ctx belongs: the attribute http.route and part of the server span's name. It
// is for routers that find the route while they handle the request. The sampler has already decided by then, so it does not see
// this route. If ctx does not come from the middleware, SetRoute does nothing.
func SetRoute(ctx context.Context, route string) {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		x.setRoute(route)
	}
}

func (x *exchange) setRoute(route string) {
	x.route = route
	x.span.SetName(httpconv.SpanName(x.method, route))
}

// start starts the span of a request, before its handler runs.
func (m *middleware) start(w http.ResponseWriter, r *http.Request) *exchange {
	pending.Handlers.Add(1)
	if !servesWithThisPackage() {
		m.tp.ReportError(errNotServed)
	}
	x := &exchange{m: m, method: httpconv.Method(r.Method, m.KnownMethods), head: r.Method == http.MethodHead, route: m.route(r)}
	trusted := m.trusts(r)
	ctx := context.WithValue(scope.With(r.Context(), m.scope), exchangeKey{}, x)
	var parent trace.SpanContext
	if h := trimmed(r.Header); m.scope.Propagation == nil {
		parent = trace.SpanContextFromHeaders(h["Traceparent"], h["Tracestate"])
	} else {
		ctx, parent, trusted = m.scope.Propagation.Extract(ctx, h, trusted)
	}
	ctx, x.span = m.tp.StartRoot(ctx, httpconv.SpanName(x.method, x.route), &trace.RootConfig{
		Kind:        trace.SpanKindServer,
		Parent:      parent,
		TrustParent: trusted,
	})
	x.r = r.WithContext(ctx)
	x.w.init(w, x)
	cold := coldStart() // called for each request, even if the span is not recorded
	if x.span.IsRecording() {
		x.describe(r)
		x.span.SetAttributes(trace.Bool("faas.coldstart", cold))
		record(x.span, m.requestHeaders, r.Header)
		m.onRequest(x.span, r)
	}
	return x
}

// trimmed returns h without white space around its values, which is not part of them. workerd leaves the space behind a value
// there, and propagators would take the value for malformed. The handler gets h as it is.
func trimmed(h http.Header) http.Header {
	var own http.Header
	for name, values := range h {
		for i, value := range values {
			if short := strings.Trim(value, " \t"); short != value {
				if own == nil {
					own = h.Clone()
				}
				own[name][i] = short
			}
		}
	}
	if own == nil {
		return h
	}
	return own
}

// describe records the request's attributes.
func (x *exchange) describe(r *http.Request) {
	var a httpconv.Attributes
	a.String("http.request.method", x.method)
	if x.method == httpconv.OtherMethod {
		a.String("http.request.method_original", r.Method)
	}
	host := r.Host
	if u := r.URL; u != nil {
		scheme := u.Scheme
		if scheme == "" && r.TLS == nil { // outside of Workers; in Workers the URL has a scheme
			scheme = "http"
		}
		a.String("url.scheme", scheme)
		a.String("url.path", u.EscapedPath())
		a.String("url.query", x.m.scope.Redactor.Query(u.RawQuery))
		if host == "" {
			host = u.Host
		}
	}
	address, port := httpconv.SplitHost(host)
	a.String("server.address", address)
	a.Number("server.port", int64(port), 1)
	a.String("client.address", clientAddress(r))
	a.String("user_agent.original", strings.Join(r.Header["User-Agent"], ",")) // syumai/workers has split it at commas: see record
	a.Header("http.request.body.size", r.Header, "Content-Length")
	a.String("faas.trigger", "http")
	ray := r.Header.Get("Cf-Ray")
	a.String("faas.invocation_id", ray)
	if i := strings.LastIndexByte(ray, '-'); i >= 0 {
		a.String("cloudflare.colo", ray[i+1:])
	}
	x.span.SetAttributes(a.List()...)
}

// record records headers, each as one value. syumai/workers splits a header at its commas, which may cut a URL in the value in
// two. Redaction would not recognize the second part as part of a URL, so the values are joined first.
func record(span *trace.Span, set []httpconv.CapturedHeader, h http.Header) {
	if len(set) == 0 {
		return
	}
	whole := make(http.Header, len(h))
	for name, values := range h {
		if len(values) > 0 {
			whole[name] = []string{strings.Join(values, ",")}
		}
	}
	httpconv.Record(span, set, whole)
}

func clientAddress(r *http.Request) string {
	if ip := r.Header.Get("Cf-Connecting-Ip"); ip != "" || r.RemoteAddr == "" {
		return ip
	}
	address, _ := httpconv.SplitHost(r.RemoteAddr)
	return address
}

// end runs after the handler. If the handler did not return, v is the value it panicked with, or nil if it called
// runtime.Goexit.
func (x *exchange) end(returned bool, v any) {
	defer pending.Handlers.Add(-1)
	switch {
	case returned && x.w.raw:
		x.w.begin()
	case returned:
		x.w.announce() // a response without a body is sent with the headers that are set now
	}
	if x.span.IsRecording() {
		x.finish(returned, v)
	}
	x.span.End() // this exports the trace
}

// finish records the outcome of the request.
func (x *exchange) finish(returned bool, v any) {
	w, status := &x.w, x.w.status
	switch {
	case status != 0:
	case returned:
		status = http.StatusOK
	default:
		status = http.StatusInternalServerError // the status that the platform sends
	}
	if !returned && !w.sent {
		status = http.StatusInternalServerError
	}

	var a httpconv.Attributes
	kind, message := "", ""
	switch {
	case !returned:
		kind, message = exception.Record(x.span, v, !x.m.NoStackTrace)
	case w.failure != nil:
		kind, message = fault.TypeName(w.failure), fault.Message(w.failure)
	case status >= 500:
		kind = strconv.Itoa(status)
	}
	if x.route == "" {
		if route := httpconv.PatternPath(pattern(x.r)); route != "" {
			x.setRoute(route)
		}
	}
	a.String("http.route", x.route)
	a.Number("http.response.status_code", int64(status), 1)
	switch {
	case x.head || status == http.StatusNoContent || status == http.StatusNotModified:
		a.Number("http.response.body.size", 0, 0) // none of what the handler wrote is sent
	case w.raw && returned:
		a.Header("http.response.body.size", w.under.Header(), "Content-Length")
	case returned || w.sent:
		a.Number("http.response.body.size", w.size, 0)
	}
	a.String("error.type", kind)
	x.span.SetOutcome(a.List()...)
	record(x.span, x.m.responseHeaders, w.under.Header())
	if kind != "" {
		x.span.SetStatus(trace.StatusError, message)
	}
}
