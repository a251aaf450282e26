//go:build !edgespan_noclicks

package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"clicks", (*agent).traceClicks}) }

// traceClicks makes a trace for each click. Its span lasts while the page's handlers run, and is the parent of the spans that they start. It
// has the element's name and id, but not its text.
func (a *agent) traceClicks() {
	open := map[int]*frame{}
	latest := 0
	begin := function(func(args []js.Value) any {
		attrs := []trace.Attribute{a.pageURL(), trace.String("edgespan.element.name", args[0].String())}
		if id := args[1].String(); id != "" {
			attrs = append(attrs, trace.String("edgespan.element.id", id))
		}
		ctx, _ := a.tp.Start(context.Background(), "click", trace.StartConfig{Attributes: attrs})
		latest++
		open[latest] = a.frames.enter(ctx, false)
		return latest
	})
	end := function(func(args []js.Value) any {
		click := open[args[0].Int()]
		delete(open, args[0].Int())
		click.over = true
		trace.SpanFromContext(click.ctx).End()
		return nil
	})
	a.page.Call("onClick", begin, end)
}
