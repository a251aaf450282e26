package propagation

import (
	"context"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// XRay is the format of AWS X-Ray, the header X-Amzn-Trace-Id, which load balancers, API Gateway and Lambda read and write:
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader.
type XRay struct{}

const xrayHeader = "X-Amzn-Trace-Id"

// Extract reads Root=1-{8 digits}-{24 digits};Parent={16 digits};Sampled={0 or 1}. The fields may come in any order, and other
// fields are ignored. A header without Parent, which a load balancer sends when it begins a trace, names no span. A sampling
// state that is missing or "?" is deferred, see [SamplingDeferred].
func (XRay) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	var root, parent, sampled string
	for rest := one(h, xrayHeader); rest != ""; {
		var field string
		field, rest, _ = strings.Cut(rest, ";")
		switch name, value, _ := strings.Cut(strings.TrimSpace(field), "="); name {
		case "Root":
			root = value
		case "Parent":
			parent = value
		case "Sampled":
			sampled = value
		}
	}
	if len(root) != 35 || root[:2] != "1-" || root[10] != '-' {
		return ctx, trace.SpanContext{}
	}
	sc, ok := ids(root[2:10]+root[11:], parent)
	switch {
	case !ok:
	case sampled == "1":
		sc.TraceFlags = trace.FlagSampled
	case sampled != "0":
		ctx = withDeferred(ctx, sc, true)
	}
	return ctx, sc
}

// Inject writes Root, Parent and Sampled. If sc is passed on unchanged and came without a sampling state, Sampled is left out.
func (XRay) Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext) {
	root := sc.TraceID.String()
	value := "Root=1-" + root[:8] + "-" + root[8:] + ";Parent=" + sc.SpanID.String()
	switch {
	case sc.IsSampled():
		value += ";Sampled=1"
	case !SamplingDeferred(ctx, sc):
		value += ";Sampled=0"
	}
	h[xrayHeader] = []string{value}
}

// Fields returns the name of the header, X-Amzn-Trace-Id.
func (XRay) Fields() []string { return []string{xrayHeader} }
