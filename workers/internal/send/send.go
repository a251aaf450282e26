// Package send makes an HTTP request within a CLIENT span, for all twins that take an *http.Request.
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

// Do calls do within a CLIENT span, a child of the span that the request's context carries. What do gets is a copy with
// the trace's context, as far as Config.Propagation lets it out. The span ends when the response's headers are there. Without a
// span in the context it is do, which does not get of the client's context either what may not go out.
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
		if !returned { // a panic, as of syumai/workers where JavaScript refuses to make the Request
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
		span.AddEvent("canceled") // by the caller, which is no error to the conventions
	case err != nil:
		binding.Fail(span, err)
	case span.IsRecording():
		var a httpconv.Attributes
		a.Number("http.response.status_code", int64(resp.StatusCode), 1)
		if r.Method != http.MethodHead && resp.StatusCode != http.StatusNotModified { // else it is that of a body that is not sent
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
