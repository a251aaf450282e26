package middleware

import (
	"errors"
	"runtime"
	"strconv"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// start starts the span, and records what is known of a request before its handler runs.
func (x *exchange) start() {
	r := x.r
	x.w.base, x.method, x.head = &x.base, httpconv.Method(r.Method, x.m.methods), r.Method == "HEAD"
	x.at(starting)
	root := trace.RootConfig{Kind: trace.SpanKindServer, Parent: x.parent, TrustParent: x.trusted}
	if !x.extracted {
		root.Parent = trace.SpanContextFromHeaders(r.Header["Traceparent"], r.Header["Tracestate"])
	}
	x.ctx, x.span = x.m.tp.StartRoot(&x.base, httpconv.SpanName(x.method, x.route), &root)
	if !x.span.IsRecording() {
		return
	}

	var a httpconv.Attributes
	a.String("http.request.method", x.method)
	if x.method == httpconv.OtherMethod {
		a.String("http.request.method_original", r.Method)
	}
	host := r.Host
	if u := r.URL; u != nil {
		a.String("url.scheme", u.Scheme)
		a.String("url.path", u.EscapedPath())
		a.String("url.query", x.m.redactor.Query(u.RawQuery))
		if host == "" {
			host = u.Host
		}
	}
	address, port := httpconv.SplitHost(host)
	a.String("server.address", address)
	a.Number("server.port", int64(port), 1)
	a.String("client.address", r.RemoteAddr)
	version := ""
	switch {
	case r.ProtoMajor > 1:
		version = strconv.Itoa(r.ProtoMajor)
	case r.ProtoMajor == 1 && r.ProtoMinor == 1:
		version = "1.1"
	case r.ProtoMajor == 1:
		version = "1.0"
	}
	a.String("network.protocol.version", version)
	a.String("user_agent.original", httpconv.First(r.Header, "User-Agent"))
	// Not a.Header, which only Send links: 600 bytes.
	a.Number("http.request.body.size", httpconv.Digits(httpconv.First(r.Header, "Content-Length")), 0)
	x.span.SetAttributes(a.List()...)
	x.at(recording)
}

// maxStack is how many bytes of a panicking goroutine's stack are recorded. That is some fifty calls, and half of a line at the
// usual limit of a log endpoint, so that the stack does not push the rest of the span out of the line.
const maxStack = 8 << 10

// end runs after the handler: when it has returned, when it panics with v, or when it ends its goroutine by runtime.Goexit,
// with returned false and v nil.
//
// end first closes the client's response, so that nobody waits for the rest. There are two exceptions. If the handler has
// panicked, the platform closes the response: it answers 500 if nothing has been sent, and otherwise tells the client that the
// body is cut short. If the handler has sent nothing, it may have handed the request off, which only the host knows. Closing
// the response of such a request would be an error that ends the sandbox. fsthttp closes it a moment later, see RATIONALE.md.
//
// end is one long function because two would add 470 bytes to every service.
func (x *exchange) end(returned bool, v any) {
	w := &x.w
	switch {
	case !returned:
	case w.status != 0:
		if !w.closed {
			_ = w.Close()
		}
	case x.handoff == "":
		x.at(answering) // the platform sends the headers with its empty 200
	}
	w.closed = true
	x.mu.Lock()
	open := x.open
	x.mu.Unlock()
	for _, span := range open {
		span.End() // if the handler has not read or closed the body
	}
	if !x.span.IsRecording() {
		x.at(over)
		return
	}

	// What failed: error.type, and the description of the status.
	var a httpconv.Attributes
	kind, message := "", ""
	invalid := errors.Is(w.failure, fsthttp.ErrInvalidStatusCode)
	problem := v
	if returned && w.failure != nil {
		problem = w.failure
	}
	if problem != nil {
		kind, message = fault.TypeName(problem), fault.Message(problem)
	}
	switch {
	case v != nil:
		a.String("exception.type", kind)
		a.String("exception.message", message)
		if !x.m.noStackTrace {
			stack := make([]byte, maxStack)
			a.String("exception.stacktrace", string(stack[:runtime.Stack(stack, false)]))
		}
		x.span.AddEvent(trace.ExceptionEvent, a.List()...)
		a.Reset()
	case !returned:
		kind, message = "goexit", "the handler ended its goroutine"
	case invalid:
		kind = "invalid_status_code"
	case errors.Is(w.failure, fsthttp.ErrClosed):
		kind = "connection_closed"
	}

	// What the client has received.
	status := w.status
	switch {
	case invalid:
		status = fsthttp.StatusInternalServerError // which the platform sends instead
	case status != 0:
	case !returned && x.handoff == "":
		status = fsthttp.StatusInternalServerError
	case x.maySend():
		status = fsthttp.StatusOK // what fsthttp sends for a handler that sends nothing
	}
	if x.head || status == fsthttp.StatusNoContent || status == fsthttp.StatusNotModified {
		w.size, w.noSize = 0, false // nothing that the handler has written is sent
		if returned && !invalid {
			kind, message = "", "" // and the client does not notice that the platform refuses the body
		}
	}
	if kind == "" && status >= 500 {
		kind = strconv.Itoa(status)
	}
	a.String("http.route", x.route)
	a.Number("http.response.status_code", int64(status), 1)
	if status != 0 && !w.noSize {
		a.Number("http.response.body.size", w.size, 0)
	}
	a.String("fastly.handoff", x.handoff)
	a.String("error.type", kind)
	x.span.SetOutcome(a.List()...)
	if kind != "" {
		x.span.SetStatus(trace.StatusError, message)
	}
	x.at(ending)
	x.span.End() // which exports the trace
	x.at(over)
}

// maySend reports whether there is a response, as far as the middleware can tell: a handler that sends nothing may have handed
// the request off.
func (x *exchange) maySend() bool {
	return x.w.status != 0 || x.handoff == "" && httpconv.First(x.r.Header, "Upgrade") == ""
}
