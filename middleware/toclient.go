package middleware

import (
	"context"
	"strconv"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// ServerTiming adds the header Server-Timing: traceparent;desc="00-…", which a script in a browser can read from its navigation
// timing, https://www.w3.org/TR/server-timing/. It is for [Config.OnHeaders], and leaves the handler's own Server-Timing values
// as they are.
func ServerTiming(ctx context.Context, h fsthttp.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Add("Server-Timing", `traceparent;desc="`+sc.Traceparent()+`"`)
	}
}

// ServerTimingTotal adds the header Server-Timing: total;dur=…, the time from the request to the first byte of its response in
// milliseconds. It is for [Config.OnHeaders].
func ServerTimingTotal(ctx context.Context, h fsthttp.Header) {
	if x := exchangeFrom(ctx); x != nil && !x.begun.IsZero() {
		us := max(time.Since(x.begun).Microseconds(), 0)
		fraction := strconv.FormatInt(1000+us%1000, 10)
		h.Add("Server-Timing", "total;dur="+strconv.FormatInt(us/1000, 10)+"."+fraction[1:])
	}
}

// TraceResponse sets the header traceresponse to the server span's context,
// https://w3c.github.io/trace-context/#traceresponse-header. It is for [Config.OnHeaders].
func TraceResponse(ctx context.Context, h fsthttp.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Set("Traceresponse", sc.Traceparent())
	}
}
