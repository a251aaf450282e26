package middleware

import (
	"errors"
	"runtime/debug"
	"strconv"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// start records what is known of a request before its handler runs.
func (x *exchange) start() {
	r, m := x.r, x.m
	x.w.span = x.span
	var a attributes
	a.string("http.request.method", x.method)
	if x.method == otherMethod {
		a.string("http.request.method_original", r.Method)
	}
	host := r.Host
	if u := r.URL; u != nil {
		a.string("url.scheme", u.Scheme)
		a.string("url.path", u.EscapedPath())
		a.string("url.query", m.redactor.query(u.RawQuery))
		if host == "" {
			host = u.Host
		}
	}
	address, port := splitHost(host)
	a.string("server.address", address)
	a.positive("server.port", port)
	a.string("client.address", r.RemoteAddr)
	a.string("network.protocol.version", protocolVersion(r))
	a.string("user_agent.original", r.Header.Get("User-Agent"))
	a.length("http.request.body.size", r.Header)
	a.set(x.span)
	m.requestHeaders.record(x.span, r.Header)
	x.observe()
}

// observe calls Config.OnRequest.
func (x *exchange) observe() {
	for _, f := range x.m.OnRequest {
		x.guard("OnRequest", func() { f(x.span, x.r) })
	}
}

// close ends the span, which exports it, and calls Config.AfterResponse.
func (x *exchange) close() {
	x.span.End()
	for _, f := range x.m.AfterResponse {
		x.guard("AfterResponse", func() { f(x.ctx) })
	}
}

// guard calls a function of the Config. A panic in it is reported, and the request goes on.
func (x *exchange) guard(field string, f func()) {
	defer func() {
		if v := recover(); v != nil {
			x.m.tp.ReportError(&configError{field, v})
		}
	}()
	f()
}

// end runs when the handler has returned: the client's response is closed first, and nobody waits for the rest.
func (x *exchange) end() {
	// A handler that has sent nothing may have handed the request off, which only the host knows, and closing the response
	// of such a request would be an error that ends the sandbox. fsthttp closes it in a moment; see RATIONALE.md.
	if x.w.status != 0 && !x.w.closed {
		_ = x.w.Close()
	}
	if x.span.IsRecording() {
		x.finish()
	}
	x.close()
}

// finish records what is known when the response is out.
func (x *exchange) finish() {
	status, failure := x.w.status, x.w.failure
	if status == 0 && x.handoff == "" && x.r.Header.Get("Upgrade") == "" {
		status = fsthttp.StatusOK // what fsthttp sends for a handler that sends nothing
	}
	if errors.Is(failure, fsthttp.ErrInvalidStatusCode) {
		status = fsthttp.StatusInternalServerError // which the platform sends instead
	}
	switch {
	case failure != nil:
		x.describe(status, trace.TypeName(failure), trace.Message(failure))
	case status >= 500:
		x.describe(status, strconv.Itoa(status), "")
	default:
		x.describe(status, "", "")
	}
}

// panicked ends the span of a handler that panics, or leaves by runtime.Goexit with v nil. The response is not closed: the
// platform answers 500 where nothing has been sent, and lets the client know of a body that is cut short.
func (x *exchange) panicked(v any) {
	if x.span.IsRecording() {
		status := x.w.status
		if status == 0 && x.handoff == "" {
			status = fsthttp.StatusInternalServerError
		}
		kind, message := "goexit", "the handler ended its goroutine"
		if v != nil {
			kind, message = trace.TypeName(v), trace.Message(v)
			var a attributes
			a.string("exception.type", kind)
			a.string("exception.message", message)
			if !x.m.NoStackTrace {
				a.string("exception.stacktrace", string(debug.Stack()))
			}
			x.span.AddEvent(trace.ExceptionEvent, a.list()...)
		}
		x.describe(status, kind, message)
	}
	x.close()
}

// describe records the outcome. A status of 0 is none; a kind of error makes it one.
func (x *exchange) describe(status int, kind, message string) {
	var a attributes
	if x.route != "" {
		x.span.SetName(spanName(x.method, x.route))
		a.string("http.route", x.route)
	}
	if status != 0 {
		a.positive("http.response.status_code", status)
		switch {
		case x.method == "HEAD" || status == fsthttp.StatusNoContent || status == fsthttp.StatusNotModified:
			a.add(trace.Int64("http.response.body.size", 0)) // whatever the handler has written, none of it is sent
		case !x.w.noSize:
			a.add(trace.Int64("http.response.body.size", x.w.size))
		}
	}
	a.string("fastly.handoff", x.handoff)
	a.string("error.type", kind)
	a.set(x.span)
	if kind != "" {
		x.span.SetStatus(trace.StatusError, message)
	}
}

func protocolVersion(r *fsthttp.Request) string {
	switch {
	case r.ProtoMajor == 1 && r.ProtoMinor == 1:
		return "1.1"
	case r.ProtoMajor == 1:
		return "1.0"
	case r.ProtoMajor > 1:
		return strconv.Itoa(r.ProtoMajor)
	}
	return ""
}
