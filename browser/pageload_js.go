//go:build !edgespan_nopageload

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"pageLoad", (*agent).tracePageLoad}) }

// tracePageLoad makes a span for the page load, which began before this code ran, with its phases as children. Until it ends, it is the
// parent of new spans. Its own parent is the server's span for the page, if the page names that span and it is recorded.
func (a *agent) tracePageLoad() {
	parent := a.named(js.ValueOf(0), a.page.Call("served"))
	var span *trace.Span
	a.load, span = a.start(parent, "page load", trace.StartConfig{Time: a.at(0), Attributes: []trace.Attribute{a.pageURL()}})
	f := a.frames.enter(a.load, false)
	loaded := func() {
		a.endPageLoad(span)
		f.over = true
	}
	a.leaving = append(a.leaving, loaded)
	a.page.Call("onLoad", function(func([]js.Value) any { loaded(); return nil }))
}

// endPageLoad ends the page load's span, also if the page is left before it is complete. A hidden page goes on loading.
func (a *agent) endPageLoad(span *trace.Span) {
	if !span.IsRecording() {
		return
	}
	end := a.performance.Call("now").Float()
	if kind := a.page.Call("navigation", "type").String(); kind != "" { // otherwise the browser says nothing
		for i := range phases {
			p := &phases[i]
			if from, to, ok := p.times(a.navigation); ok {
				a.record(a.load, p.name, trace.SpanKindInternal, from, to)
				span.SetAttributes(trace.Float64("edgespan.navigation."+p.name+"_ms", to-from))
			}
		}
		span.SetAttributes(
			trace.String("edgespan.navigation.type", kind),
			trace.Int64("http.response.body.size", int64(a.navigation("encodedBodySize"))),
		)
		if loaded := a.navigation("loadEventEnd"); loaded > 0 {
			end = loaded
		}
	}
	span.EndAt(a.at(end))
}
