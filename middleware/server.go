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
	x.w.below, x.method, x.head = &x.below, httpconv.Method(r.Method, x.m.methods), r.Method == "HEAD"
	x.at(starting)
	root := trace.RootConfig{Kind: trace.SpanKindServer, Parent: x.parent, TrustParent: x.trusted}
	if !x.extracted {
		root.Parent = trace.SpanContextFromHeaders(r.Header["Traceparent"], r.Header["Tracestate"])
	}
	x.ctx, x.span = x.m.tp.StartRoot(&x.below, httpconv.SpanName(x.method, x.route), &root)
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
	a.Number("http.request.body.size", httpconv.Digits(httpconv.First(r.Header, "Content-Length")), 0) // a.Header, which Send alone links: 600 bytes
	x.span.SetAttributes(a.List()...)
	x.at(recording)
}

// maxStack is how much of a panicking goroutine's stack is recorded: some fifty calls, and half of a line at an endpoint's
// usual limit, so that what fits is not lost with what does not.
const maxStack = 8 << 10

// end runs when the handler has returned, or panics with v, or leaves by runtime.Goexit with v nil.
//
// The client's response is closed first, and nobody waits for the rest. That of a handler that has panicked is not: the
// platform answers 500 where nothing has been sent, and lets the client know of a body that is cut short. A handler that has
// sent nothing may have handed the request off, which only the host knows, and closing the response of such a request would
// be an error that ends the sandbox. fsthttp closes it in a moment; see RATIONALE.md.
//
// It is long since in two parts it would be 470 bytes more of every service.
func (x *exchange) end(returned bool, v any) {
	w := &x.w
	switch {
	case !returned:
	case w.status != 0:
		if !w.closed {
			_ = w.Close()
		}
	case x.handoff == "":
		x.at(answering) // the platform sends them with its empty 200
	}
	w.closed = true
	x.mu.Lock()
	open := x.open
	x.mu.Unlock()
	for _, span := range open {
		span.End() // where the handler has not
	}
	if !x.span.IsRecording() {
		x.at(over)
		return
	}

	// What went wrong: error.type, and the description of the status.
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

	// What the client has got.
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
		w.size, w.noSize = 0, false // whatever the handler has written, none of it is sent
		if returned && !invalid {
			kind, message = "", "" // nor does the client feel that the platform takes none of it
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
	x.span.End() // which exports it
	x.at(over)
}

// maySend reports whether there is a response, as far as anybody can tell: a handler that sends nothing may have handed the request off.
func (x *exchange) maySend() bool {
	return x.w.status != 0 || x.handoff == "" && httpconv.First(x.r.Header, "Upgrade") == ""
}
