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
	r, span := x.r, x.span
	x.w.span = span
	span.SetAttributes(trace.String("http.request.method", x.method))
	if x.method == otherMethod {
		span.SetAttributes(trace.String("http.request.method_original", r.Method))
	}
	host := r.Host
	if u := r.URL; u != nil {
		span.SetAttributes(trace.String("url.scheme", u.Scheme), trace.String("url.path", u.EscapedPath()))
		if u.RawQuery != "" {
			span.SetAttributes(trace.String("url.query", x.m.redactor.query(u.RawQuery)))
		}
		if host == "" {
			host = u.Host
		}
	}
	if address, port := splitHost(host); address != "" {
		span.SetAttributes(trace.String("server.address", address))
		if port != 0 {
			span.SetAttributes(trace.Int("server.port", port))
		}
	}
	setString(span, "client.address", r.RemoteAddr)
	setString(span, "network.protocol.version", protocolVersion(r))
	setString(span, "user_agent.original", r.Header.Get("User-Agent"))
	if size, ok := contentLength(r.Header); ok {
		span.SetAttributes(trace.Int64("http.request.body.size", size))
	}
	// An error means that the host lacks one of the calls behind it; then the attributes are left out.
	if meta, err := r.FastlyMeta(); err == nil {
		setString(span, "faas.invocation_id", meta.RequestID)
		if meta.SandboxRequests > 0 {
			span.SetAttributes(trace.Bool("faas.coldstart", meta.SandboxRequests == 1))
		}
	}
	x.m.requestHeaders.record(span, r.Header)
	if len(x.m.responseHeaders) > 0 {
		x.w.capture = func(h fsthttp.Header) { x.m.responseHeaders.record(span, h) }
	}
	if x.m.Route != nil {
		x.route = ask(x.m, "Route", x.m.Route, r, "")
	}
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
	x.span.End()
}

// finish records what is known when the response is out.
func (x *exchange) finish() {
	status := x.w.status
	if status == 0 && x.handoff == "" && x.r.Header.Get("Upgrade") == "" {
		status = fsthttp.StatusOK // what fsthttp sends for a handler that sends nothing
	}
	if errors.Is(x.w.failure, fsthttp.ErrInvalidStatusCode) {
		status = fsthttp.StatusInternalServerError // which the platform sends instead
	}
	x.describe(status)
	switch {
	case x.w.failure != nil:
		x.span.SetAttributes(trace.String("error.type", errorType(x.w.failure)))
		x.span.SetStatus(trace.StatusError, trace.Message(x.w.failure))
	case status >= 500:
		x.span.SetAttributes(trace.String("error.type", strconv.Itoa(status)))
		x.span.SetStatus(trace.StatusError, "")
	}
}

// panicked ends the span of a handler that panics, or leaves by runtime.Goexit with v nil. The response is not closed: the
// platform answers 500 where nothing has been sent, and lets the client know of a body that is cut short.
func (x *exchange) panicked(v any) {
	if !x.span.IsRecording() {
		x.span.End()
		return
	}
	status := x.w.status
	if status == 0 && x.handoff == "" {
		status = fsthttp.StatusInternalServerError
	}
	x.describe(status)
	if v == nil {
		x.span.SetAttributes(trace.String("error.type", "goexit"))
		x.span.SetStatus(trace.StatusError, "the handler ended its goroutine")
	} else {
		kind, message := trace.TypeName(v), trace.Message(v)
		attrs := []trace.Attribute{trace.String("exception.type", kind), trace.String("exception.message", message)}
		if !x.m.NoStackTrace {
			if stack := debug.Stack(); len(stack) > 0 {
				attrs = append(attrs, trace.String("exception.stacktrace", string(stack)))
			}
		}
		x.span.AddEvent(trace.ExceptionEvent, attrs...)
		x.span.SetAttributes(trace.String("error.type", kind))
		x.span.SetStatus(trace.StatusError, message)
	}
	x.span.End()
}

// describe records the response. A status of 0 is none.
func (x *exchange) describe(status int) {
	if x.route != "" {
		x.span.SetName(spanName(x.method, x.route))
		x.span.SetAttributes(trace.String("http.route", x.route))
	}
	if status != 0 {
		x.span.SetAttributes(trace.Int("http.response.status_code", status))
		if !x.w.noSize {
			x.span.SetAttributes(trace.Int64("http.response.body.size", x.w.size))
		}
	}
	setString(x.span, "fastly.handoff", x.handoff)
}

func setString(span *trace.Span, key, value string) {
	if value != "" {
		span.SetAttributes(trace.String(key, value))
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

func contentLength(h fsthttp.Header) (int64, bool) {
	n, err := strconv.ParseUint(h.Get("Content-Length"), 10, 63)
	return int64(n), err == nil
}
