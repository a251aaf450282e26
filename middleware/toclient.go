package middleware

import (
	"context"
	"strconv"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// ServerTiming adds Server-Timing: traceparent;desc="00-…", which a browser's script reads from its navigation timing. It is
// for [Config.OnHeaders], and leaves the handler's own Server-Timing as it is.
func ServerTiming(ctx context.Context, h fsthttp.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Add("Server-Timing", `traceparent;desc="`+sc.Traceparent()+`"`)
	}
}

// ServerTimingTotal adds Server-Timing: total;dur=…, the milliseconds from the request to the first byte of its response. It
// is for [Config.OnHeaders].
func ServerTimingTotal(ctx context.Context, h fsthttp.Header) {
	if x := exchangeFrom(ctx); x != nil && !x.begun.IsZero() {
		us := max(time.Since(x.begun).Microseconds(), 0)
		fraction := strconv.FormatInt(1000+us%1000, 10)
		h.Add("Server-Timing", "total;dur="+strconv.FormatInt(us/1000, 10)+"."+fraction[1:])
	}
}

// TraceResponse sets traceresponse to the server span's context, https://w3c.github.io/trace-context/#traceresponse-header. It
// is for [Config.OnHeaders].
func TraceResponse(ctx context.Context, h fsthttp.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Set("Traceresponse", sc.Traceparent())
	}
}
