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
	if meta.RequestID != "" {
		span.SetAttributes(trace.String("faas.invocation_id", meta.RequestID))
	}
	if meta.SandboxRequests > 0 {
		span.SetAttributes(trace.Bool("faas.coldstart", meta.SandboxRequests == 1))
	}
}
