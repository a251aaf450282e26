//go:build !edgespan_noclicks

package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"clicks", (*agent).traceClicks}) }

// click is a click whose handlers run, or have run while others did: one on a label brings another on its input before it is over.
type click struct {
	span   *trace.Span
	before context.Context // what was active
	under  *click
	over   bool
}

// traceClicks makes a trace of each click, whose span lasts as long as the page's handlers run. What they start is below it. The
// element's name and id are recorded, and nothing that it says.
func (a *agent) traceClicks() {
	var top *click
	a.page.Call("onClick", function(func(args []js.Value) any {
		attrs := []trace.Attribute{a.pageURL(), trace.String("browser.element.name", args[0].String())}
		if id := args[1].String(); id != "" {
			attrs = append(attrs, trace.String("browser.element.id", id))
		}
		ctx, span := a.tp.Start(context.Background(), "click", trace.StartConfig{Attributes: attrs})
		c := &click{span: span, before: a.active, under: top}
		top, a.active = c, ctx
		a.later(func() {
			c.over = true
			for ; top != nil && top.over; top = top.under {
				if a.activeSpan() == top.span {
					a.active = top.before
				}
			}
			span.End()
			a.leaveLoad()
		})
		return nil
	}))
}
