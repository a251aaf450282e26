//go:build !edgespan_noclicks

package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"clicks", (*agent).traceClicks}) }

// traceClicks makes a trace for each click. Its span lasts while the page's handlers run. It is the parent of the spans that start until the
// click is over (npm/settled.mjs). It has the element's name and id, but not its text.
func (a *agent) traceClicks() {
	var clicks frames
	begin := function(func(args []js.Value) any {
		attrs := []trace.Attribute{a.pageURL(), trace.String("edgespan.element.name", args[0].String())}
		if id := args[1].String(); id != "" {
			attrs = append(attrs, trace.String("edgespan.element.id", id))
		}
		ctx, _ := a.tp.Start(context.Background(), "click", trace.StartConfig{Attributes: attrs})
		a.click = a.frames.enter(ctx, false)
		clicks = append(clicks.open(), a.click)
		return a.click.id()
	})
	end := function(func(args []js.Value) any {
		if click := clicks.named(args[0].String()); click != nil {
			click.span().End()
		}
		return nil
	})
	over := function(func(args []js.Value) any {
		click := clicks.named(args[0].String())
		click.over = true
		click.span().End() // end comes later only if a library has changed the order of the page's timers
		if click == a.click {
			a.clicked = args[1].Float()
		}
		return nil
	})
	a.page.Call("onClick", begin, end, over)
}
