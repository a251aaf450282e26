package middleware

import (
	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// FaaS records faas.invocation_id, the platform's id of the request, and faas.coldstart, whether the request is the first of
// its sandbox. It is for Config.OnRequest, and costs a few host calls a request. A host that lacks one of them has neither.
func FaaS(span *trace.Span, r *fsthttp.Request) {
	meta, err := r.FastlyMeta()
	if err != nil {
		return
	}
	var a attributes
	a.string("faas.invocation_id", meta.RequestID)
	if meta.SandboxRequests > 0 {
		a.add(trace.Bool("faas.coldstart", meta.SandboxRequests == 1))
	}
	a.set(span)
}
