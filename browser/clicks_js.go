//go:build !edgespan_noclicks

package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"clicks", (*agent).traceClicks}) }

// traceClicks makes a trace of each click, whose span lasts as long as the page's handlers run. What they start is below it. The
// element's name and id are recorded, and nothing that it says.
func (a *agent) traceClicks() {
	a.listen(a.global.Get("document"), "click", func(event js.Value) {
		target := event.Get("target")
		if target.Get("tagName").Type() != js.TypeString {
			return
		}
		attrs := []trace.Attribute{a.pageURL(), trace.String("browser.element.name", lower(target.Get("tagName").String()))}
		if id := target.Get("id"); id.Type() == js.TypeString && id.String() != "" {
			attrs = append(attrs, trace.String("browser.element.id", id.String()))
		}
		ctx, span := a.tp.Start(context.Background(), "click", trace.StartConfig{Attributes: attrs})
		before := a.active
		a.active = ctx
		var end js.Func
		end = callback(func(js.Value) {
			end.Release()
			if a.activeSpan() == span {
				a.active = before
			}
			span.End()
		})
		a.global.Call("setTimeout", end, 0)
	})
}
