//go:build !edgespan_noroutechanges

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"routeChanges", (*agent).traceRouteChanges}) }

// afterClick is how many milliseconds after a click is over a route change still belongs to it: the page may load the code of the next view
// first.
const afterClick = 1000

// traceRouteChanges makes a span for each route change. It is the parent of the spans that start until it is over (npm/settled.mjs), because
// many routers change the address first and then ask for the data of the next view.
func (a *agent) traceRouteChanges() {
	var changes frames
	begin := function(func(args []js.Value) any { // type, time
		attrs := []trace.Attribute{a.pageURL()}
		if kind := args[0].String(); kind != "" {
			attrs = append(attrs, trace.String("edgespan.navigation.type", kind))
		}
		at := args[1].Float()
		parent := a.frames.active()
		if c := a.click; c != nil && (!c.over || at < a.clicked+afterClick) {
			parent = c.ctx
		}
		a.click = nil // it has led to only one
		ctx, _ := a.start(parent, "route change", trace.StartConfig{Time: a.at(at), Attributes: attrs})
		change := a.frames.insert(ctx)
		changes = append(changes.open(), change)
		a.route, a.routed = ctx, at
		return change.id()
	})
	end := function(func(args []js.Value) any { // id, time
		change := changes.named(args[0].String())
		change.over = true
		change.span().EndAt(a.at(args[1].Float()))
		return nil
	})
	a.page.Call("onRoute", begin, end)
}
