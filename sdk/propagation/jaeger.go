package propagation

import (
	"context"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Jaeger is the format of Jaeger's own clients, the header uber-trace-id,
// https://www.jaegertracing.io/sdk-migration/#propagation-format. It is for callers and callees that know no other format.
// Jaeger's baggage headers, uberctx-…, are not read.
type Jaeger struct{}

const (
	jaegerHeader  = "Uber-Trace-Id"
	jaegerSampled = 1
	jaegerDebug   = 2
)

// Extract reads {trace-id}:{span-id}:{parent-span-id}:{flags}. Leading zeros may be missing, and the colons may be
// percent-encoded. The debug flag is kept in the context, as for [B3].
func (Jaeger) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	parts := strings.SplitN(strings.NewReplacer("%3A", ":", "%3a", ":").Replace(one(h, jaegerHeader)), ":", 5) // a fifth would be one too many
	if len(parts) != 4 {
		return ctx, trace.SpanContext{}
	}
	flags, err := strconv.ParseUint(parts[3], 16, 8)
	sc, ok := ids(padded(parts[0], 32), padded(parts[1], 16))
	if err != nil || !ok {
		return ctx, trace.SpanContext{}
	}
	if flags&jaegerSampled != 0 {
		sc.TraceFlags = trace.FlagSampled
		if flags&jaegerDebug != 0 {
			ctx = context.WithValue(ctx, debugKey{}, debug{trace: sc.TraceID})
		}
	}
	return ctx, sc
}

// padded returns digits with leading zeros up to a length of n.
func padded(digits string, n int) string {
	return strings.Repeat("0", max(n-len(digits), 0)) + digits
}

// Inject writes the same header, with a parent-span-id of 0, as Jaeger asks.
func (Jaeger) Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext) {
	flags := "0"
	switch {
	case hasDebug(ctx, sc):
		flags = "3"
	case sc.IsSampled():
		flags = "1"
	}
	h[jaegerHeader] = []string{sc.TraceID.String() + ":" + sc.SpanID.String() + ":0:" + flags}
}

// Fields returns the name of the header, uber-trace-id.
func (Jaeger) Fields() []string { return []string{jaegerHeader} }
