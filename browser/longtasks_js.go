//go:build !edgespan_nolongtasks

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"longTasks", (*agent).traceLongTasks}) }

// traceLongTasks makes a span for each task of 50 ms or more.
func (a *agent) traceLongTasks() {
	a.observe("longtask", "startTime duration name", func(e []js.Value) {
		from := e[0].Float()
		a.record(a.during(from), "long task", trace.SpanKindInternal, from, from+e[1].Float(), trace.String("edgespan.longtask.name", e[2].String()))
	})
}
