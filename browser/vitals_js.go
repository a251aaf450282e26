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
	url := a.pageURL()   // before history.pushState changes it
	fcp, lcp := -1., -1. // none yet
	inp := -1.           // none yet: one of less than 4 ms is rounded to 0
	var cls layoutShift
	a.observe("paint", func(e js.Value) {
		if e.Get("name").String() == "first-contentful-paint" {
			fcp = e.Get("startTime").Float()
		}
	})
	a.observe("largest-contentful-paint", func(e js.Value) { lcp = e.Get("startTime").Float() })
	hasCLS := a.observe("layout-shift", func(e js.Value) {
		if !e.Get("hadRecentInput").Bool() {
			cls.add(e.Get("startTime").Float(), e.Get("value").Float())
		}
	})
	a.observe("event", func(e js.Value) { // of 16 ms or more: browsers report no shorter ones
		if id := e.Get("interactionId"); id.Type() == js.TypeNumber && id.Float() > 0 {
			inp = max(inp, e.Get("duration").Float())
		}
	})
	// The first input is reported however short it was, so a page with only quick interactions has an INP too. It may have no interactionId yet.
	a.observe("first-input", func(e js.Value) { inp = max(inp, e.Get("duration").Float()) })
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
		visited, answered := a.navigated()
		since := func(name string, at float64) {
			if at >= 0 {
				attrs = append(attrs, trace.Float64("edgespan.web_vital."+name, max(at-visited, 0)))
			}
		}
		since("ttfb", answered)
		since("fcp", fcp)
		since("lcp", lcp)
		if inp >= 0 {
			attrs = append(attrs, trace.Float64("edgespan.web_vital.inp", inp))
		}
		a.record(a.load, "web vitals", trace.SpanKindInternal, 0, a.performance.Call("now").Float(), attrs...)
	})
}

// navigated returns when the visitor navigated to a prerendered page: 0 for other pages, and if the browser does not report it. It also
// returns when the first byte arrived, or a negative number if that is not known. See
// https://wicg.github.io/nav-speculation/prerendering.html.
func (a *agent) navigated() (at, firstByte float64) {
	firstByte = -1
	if entries := a.performance.Call("getEntriesByType", "navigation"); entries.Length() > 0 {
		e := entries.Index(0)
		if start := e.Get("activationStart"); start.Type() == js.TypeNumber {
			at = start.Float()
		}
		if answer := e.Get("responseStart").Float(); answer > 0 {
			firstByte = answer
		}
	}
	return at, firstByte
}
