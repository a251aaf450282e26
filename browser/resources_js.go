//go:build !edgespan_noresources

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"resources", (*agent).traceResources}) }

// traceResources makes a span for each resource, as a child of the page load. Requests by fetch and XMLHttpRequest have spans of their own.
func (a *agent) traceResources() {
	a.observe("resource", "name initiatorType startTime responseEnd encodedBodySize responseStatus", func(e []js.Value) {
		url, kind := e[0].String(), e[1].String()
		if kind == "fetch" || kind == "xmlhttprequest" || kind == "beacon" {
			return
		}
		attrs := []trace.Attribute{
			trace.String("url.full", redacted(url, &a.secrets)),
			trace.String("edgespan.resource.type", kind),
		}
		if size := e[4].Float(); size > 0 { // it is also 0 if the browser hides it
			attrs = append(attrs, trace.Int64("http.response.body.size", int64(size)))
		}
		_, span := a.tp.Start(a.during(e[2].Float()), "resource", trace.StartConfig{Kind: trace.SpanKindClient, Time: a.at(e[2].Float()), Attributes: attrs})
		if status := e[5].Int(); status > 0 {
			span.SetAttributes(trace.Int("http.response.status_code", status))
			if status >= 400 {
				span.SetAttributes(trace.String("error.type", a.global.Call("String", status).String()))
				span.SetStatus(trace.StatusError, "")
			}
		}
		span.EndAt(a.at(e[3].Float()))
	})
}
