// Package send sends an HTTP request in a CLIENT span, for the wrapper packages' functions that take an *http.Request.
package send

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// Do calls do in a CLIENT span that is a child of the span in the request's context. do gets a copy of r with the trace's
// context in its headers, as far as Config.Propagation allows. The span ends when do returns: the response's headers have
// arrived, its body has not been read. If the context has no span, Do only removes the headers that may not be sent, and calls
// do.
func Do(r *http.Request, do func(*http.Request) (*http.Response, error), attrs ...trace.Attribute) (*http.Response, error) {
	ctx := r.Context()
	s := scope.From(ctx)
	if trace.SpanFromContext(ctx) == nil {
		if s.Propagation != nil {
			r = outgoing(r, s, trace.SpanContext{})
		}
		return do(r)
	}
	method := httpconv.Method(r.Method, s.KnownMethods)
	_, span := trace.StartWith(ctx, httpconv.SpanName(method, ""), trace.StartConfig{Kind: trace.SpanKindClient})
	returned := false
	defer func() {
		if !returned { // a panic, such as that of syumai/workers when JavaScript cannot make the Request
			span.SetOutcome(trace.String("error.type", "panic"))
			span.SetStatus(trace.StatusError, "panic")
		}
		span.End()
	}()
	if span.IsRecording() {
		describe(span, s, r, method)
		span.SetAttributes(attrs...)
	}
	resp, err := do(outgoing(r, s, span.SpanContext()))
	returned = true
	switch {
	case errors.Is(err, context.Canceled) || err != nil && binding.ErrorType(err) == "AbortError":
		span.AddEvent("canceled") // the caller canceled the request, which the conventions do not count as an error
	case err != nil:
		binding.Fail(span, err)
	case span.IsRecording():
		var a httpconv.Attributes
		a.Number("http.response.status_code", int64(resp.StatusCode), 1)
		if r.Method != http.MethodHead && resp.StatusCode != http.StatusNotModified { // otherwise Content-Length is the size of a body that is not sent
			a.Header("http.response.body.size", resp.Header, "Content-Length")
		}
		if resp.StatusCode >= 400 {
			a.String("error.type", strconv.Itoa(resp.StatusCode))
			span.SetStatus(trace.StatusError, "")
		}
		span.SetOutcome(a.List()...)
	}
	return resp, err
}

func describe(span *trace.Span, s *scope.Scope, r *http.Request, method string) {
	var a httpconv.Attributes
	a.String("http.request.method", method)
	if method == httpconv.OtherMethod {
		a.String("http.request.method_original", r.Method)
	}
	if u := r.URL; u != nil {
		a.String("url.full", s.Redactor.URL(u))
		address, port := httpconv.SplitHost(u.Host)
		if port == 0 {
			port = httpconv.DefaultPort(u.Scheme)
		}
		a.String("server.address", address)
		a.Number("server.port", int64(port), 1)
	}
	if r.ContentLength > 0 {
		a.Number("http.request.body.size", r.ContentLength, 0)
	}
	span.SetAttributes(a.List()...)
}
