//go:build !edgespan_novitals

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"webVitals", (*agent).traceVitals}) }

// traceVitals makes one span with the page's web vitals when the page is hidden for the first time. INP is the longest interaction, as in
// its definition for up to 50 interactions.
func (a *agent) traceVitals() {
	url := a.pageURL() // before history.pushState changes it
	var fcp, lcp float64
	inp := -1. // none yet: one of less than 4 ms is rounded to 0
	var cls layoutShift
	a.observe("paint", "name startTime", func(e []js.Value) {
		if e[0].String() == "first-contentful-paint" {
			fcp = e[1].Float()
		}
	})
	a.observe("largest-contentful-paint", "startTime", func(e []js.Value) { lcp = e[0].Float() })
	hasCLS := a.observe("layout-shift", "hadRecentInput startTime value", func(e []js.Value) {
		if e[0].Float() == 0 {
			cls.add(e[1].Float(), e[2].Float())
		}
	})
	a.observe("event", "interactionId duration", func(e []js.Value) { // of 16 ms or more: browsers report no shorter ones
		if e[0].Float() > 0 {
			inp = max(inp, e[1].Float())
		}
	})
	// The first input is reported however short it was, so a page with only quick interactions has an INP too. It may have no interactionId yet.
	a.observe("first-input", "duration", func(e []js.Value) { inp = max(inp, e[0].Float()) })
	done := false
	a.hiding = append(a.hiding, func() {
		// A page that is left becomes hidden right after pagehide. Then the browser delivers the interactions that it had not painted yet.
		if done || a.global.Get("document").Get("visibilityState").String() != "hidden" {
			return
		}
		done = true
		attrs := []trace.Attribute{url}
		if hasCLS {
			attrs = append(attrs, trace.Float64("edgespan.web_vital.cls", cls.worst))
		}
		visited := a.navigation("activationStart") // to a prerendered page: https://wicg.github.io/nav-speculation/prerendering.html
		since := func(name string, at float64) {
			if at > 0 {
				attrs = append(attrs, trace.Float64("edgespan.web_vital."+name, max(at-visited, 0)))
			}
		}
		since("ttfb", a.navigation("responseStart"))
		since("fcp", fcp)
		since("lcp", lcp)
		if inp >= 0 {
			attrs = append(attrs, trace.Float64("edgespan.web_vital.inp", inp))
		}
		a.record(a.load, "web vitals", trace.SpanKindInternal, 0, a.performance.Call("now").Float(), attrs...)
	})
}
