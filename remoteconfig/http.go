package remoteconfig

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Middleware returns config with the off switch and the captured headers of the document. A list of headers that is missing in
// the document is that of config. Redact and Reveal are always those of config, so no document can reveal a secret.
//
// While the document has "off": true, no request is traced, as if config.Filter returned false for each.
func (r *Remote) Middleware(config middleware.Config) middleware.Config {
	if r == nil {
		return config
	}
	h := &headers{remote: r, compiled: settings{requestHeaders: config.RequestHeaders, responseHeaders: config.ResponseHeaders}}
	h.redactor = httpconv.NewRedactor(config.Redact, config.Reveal)
	filter := config.Filter
	config.Filter = func(req *fsthttp.Request) bool {
		return !r.current().off && (filter == nil || filter(req))
	}
	config.RequestHeaders, config.ResponseHeaders = nil, nil
	config.OnRequest = append(slices.Clip(config.OnRequest), h.onRequest)
	config.OnHeaders = append(slices.Clip(config.OnHeaders), h.onHeaders)
	return config
}

// headers records the headers that the document names.
type headers struct {
	remote   *Remote
	compiled settings
	redactor httpconv.Redactor
	latest   atomic.Pointer[captured]
}

// captured holds the headers that settings name, prepared for recording.
type captured struct {
	of                *settings
	request, response []httpconv.CapturedHeader
}

func (h *headers) current() *captured {
	s := h.remote.latest.Load()
	if c := h.latest.Load(); c != nil && c.of == s {
		return c
	}
	c := &captured{
		of:       s,
		request:  h.redactor.Headers("http.request.header.", either(s.requestHeaders, h.compiled.requestHeaders)),
		response: h.redactor.Headers("http.response.header.", either(s.responseHeaders, h.compiled.responseHeaders)),
	}
	h.latest.Store(c)
	return c
}

// either returns the list of the document, or the compiled-in list if the document has none.
func either(document, compiled []string) []string {
	if document != nil {
		return document
	}
	return compiled
}

func (h *headers) onRequest(span *trace.Span, r *fsthttp.Request) {
	httpconv.Record(span, h.current().request, r.Header)
}

func (h *headers) onHeaders(ctx context.Context, header fsthttp.Header) {
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		httpconv.Record(span, h.current().response, header)
	}
}
