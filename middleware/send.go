package middleware

import (
	"context"
	"strconv"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Send is req.Send(ctx, backend) within a CLIENT span, which is a child of the span that ctx carries. The backend gets
// traceparent and tracestate. They are in the header only during the call: when Send returns, req has the header that it had
// before. If ctx carries no span, Send is req.Send with the headers that [Config.Propagation] allows.
//
// The span ends when the response's headers have arrived. Use [SendBody] for a span that includes the body.
//
// Send finds the middleware's [Config], such as Redact and Propagation, by ctx. So ctx must be the handler's context or one
// derived from it. For work that goes on after the handler, use context.WithoutCancel(ctx).
func Send(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend)
	span.End()
	return resp, err
}

// Resend is [Send] for a request that is sent again. It records count as http.request.resend_count: 1 for the first repetition.
// The platform sends a Request only once, so req must be a Clone or CloneWithBody of the first.
func Resend(ctx context.Context, req *fsthttp.Request, backend string, count int) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend, trace.Int("http.request.resend_count", count))
	span.End()
	return resp, err
}

// send is Send, but leaves the span open. The span is nil if ctx carries none. attrs are added to its attributes.
func send(ctx context.Context, req *fsthttp.Request, backend string, attrs ...trace.Attribute) (*fsthttp.Response, *trace.Span, error) {
	x := exchangeFrom(ctx)
	if trace.SpanFromContext(ctx) == nil {
		resp, err := sendWith(ctx, nil, req, outgoing(ctx, x, req.Header, trace.SpanContext{}, backend), backend)
		return resp, nil, err
	}
	var known []string
	if x != nil {
		known = x.m.methods
	}
	method := httpconv.Method(req.Method, known)
	ctx, span := trace.StartWith(ctx, httpconv.SpanName(method, ""), trace.StartConfig{Kind: trace.SpanKindClient})
	if span.IsRecording() {
		describeRequest(x, span, req, method, backend)
		span.SetAttributes(attrs...)
	}

	resp, err := sendWith(ctx, span, req, outgoing(ctx, x, req.Header, span.SpanContext(), backend), backend)
	switch {
	case err != nil:
		fail(span, err)
	case span.IsRecording():
		describeResponse(span, req, resp)
		if hooks := x.sendHooks(); hooks != nil {
			hooks.answered(&outbound{span: span, resp: resp})
		}
	}
	return resp, span, err
}

// fail records why there is no answer. A cancelled request is not an error in the conventions: a caller that takes the first of
// two answers does not want every trace to be kept as failed.
func fail(span *trace.Span, err error) {
	kind := errorType(err)
	if kind == canceled {
		span.AddEvent(canceled)
		return
	}
	span.SetOutcome(trace.String("error.type", kind))
	span.SetStatus(trace.StatusError, fault.Message(err))
}

// sendWith sends req with the header h, and then restores the header that req had. If a reader of the body or a cache hook
// panics, it ends the span, and the panic goes on.
func sendWith(ctx context.Context, span *trace.Span, req *fsthttp.Request, h fsthttp.Header, backend string) (resp *fsthttp.Response, err error) {
	own, returned := req.Header, false
	defer func() {
		req.Header = own
		if !returned {
			span.SetOutcome(trace.String("error.type", "panic"))
			span.SetStatus(trace.StatusError, "panic")
			span.End()
		}
	}()
	req.Header = h
	resp, err = askBackend(ctx, req, backend)
	returned = true
	return resp, err
}

func describeRequest(x *exchange, span *trace.Span, req *fsthttp.Request, method, backend string) {
	var a httpconv.Attributes
	a.String("http.request.method", method)
	if method == httpconv.OtherMethod {
		a.String("http.request.method_original", req.Method)
	}
	a.String("fastly.backend", backend)
	if u := req.URL; u != nil {
		var r httpconv.Redactor
		if x != nil {
			r = x.m.redactor
		}
		a.String("url.full", r.URL(u))
		host := u.Host
		if host == "" { // a URL that is only a path goes to the backend as it is, with this Host
			host = req.Header.Get("Host")
		}
		address, port := httpconv.SplitHost(host)
		if port == 0 {
			port = httpconv.DefaultPort(u.Scheme)
		}
		a.String("server.address", address)
		a.Number("server.port", int64(port), 1)
	}
	a.Header("http.request.body.size", req.Header, "Content-Length")
	span.SetAttributes(a.List()...)
}

func describeResponse(span *trace.Span, req *fsthttp.Request, resp *fsthttp.Response) {
	var a httpconv.Attributes
	a.Number("http.response.status_code", int64(resp.StatusCode), 1)
	if req.Method != "HEAD" && resp.StatusCode != fsthttp.StatusNotModified { // otherwise Content-Length is the size of a body that is not sent
		a.Header("http.response.body.size", resp.Header, "Content-Length")
	}
	if req.CacheOptions.Pass {
		a.String("fastly.cache.outcome", "pass") // X-Cache may be that of other caches behind the origin's name
	} else {
		a.String("fastly.cache.outcome", cacheOutcome(resp))
		if ttl, ok := ttl(resp); ok {
			a.Number("fastly.cache.ttl", ttl, 0) // seconds
		}
		a.Header("fastly.cache.age", resp.Header, "Age") // seconds
	}
	if resp.StatusCode >= 400 {
		a.String("error.type", strconv.Itoa(resp.StatusCode))
		span.SetStatus(trace.StatusError, "")
	}
	span.SetOutcome(a.List()...)
}
