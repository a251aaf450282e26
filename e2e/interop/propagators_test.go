// Package interop compares what Edgespan reads and writes with what OpenTelemetry's own packages for Go do: propagators, baggage and
// consistent probability sampling. A difference that is meant is taken out of the headers before OpenTelemetry gets them, with
// the reason in a comment.
package interop

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/contrib/propagators/jaeger"
	otelpropagation "go.opentelemetry.io/otel/propagation"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/propagation"
)

const (
	id   = "80f198ee56343ba864fe8b2a57d3eff7"
	half = "64fe8b2a57d3eff7"
	span = "e457b5a2e4d86bd1"
)

// ids and spans are the values of an id in a header, most of them malformed.
var (
	ids   = []string{"", id, half, zeros(32), zeros(16), zeros(16) + half, half + zeros(16), strings.ToUpper(id), id + "0", id[1:], "0x" + half, "1", "-1", "+1", "1_0", "x"}
	spans = []string{"", span, zeros(16), strings.ToUpper(span), span[1:], span + "1", span + "-", "1", "+1", "x"}
)

func zeros(n int) string { return strings.Repeat("0", n) }

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			h.Set(pairs[i], pairs[i+1])
		}
	}
	return h
}

// passOn returns the headers with which Edgespan passes on what it has read from in, or nil if in names no span.
func passOn(p propagation.Propagator, in http.Header) http.Header {
	ctx, sc := p.Extract(context.Background(), in)
	if !sc.IsValid() {
		return nil
	}
	out := http.Header{}
	p.Inject(ctx, out, sc)
	return out
}

// otelPassOn is passOn with OpenTelemetry's propagator.
func otelPassOn(p otelpropagation.TextMapPropagator, in http.Header) http.Header {
	ctx := p.Extract(context.Background(), otelpropagation.HeaderCarrier(in))
	if !oteltrace.SpanContextFromContext(ctx).IsValid() {
		return nil
	}
	out := http.Header{}
	p.Inject(ctx, otelpropagation.HeaderCarrier(out))
	return out
}

func sameB3(t *testing.T, single, traceID, spanID, sampled, flags, parent string) {
	in := headers("B3", single, "X-B3-TraceId", traceID, "X-B3-SpanId", spanID, "X-B3-Sampled", sampled, "X-B3-Flags", flags, "X-B3-ParentSpanId", parent)
	otel := in.Clone()
	otel.Del("X-B3-ParentSpanId") // nobody uses it, so a malformed one does no harm
	if len(single) == 1 {
		otel.Del("B3") // its "d" counts for the X-B3 headers at OpenTelemetry
	}
	if len(single) > 19 && strings.HasSuffix(single, "-"+zeros(16)) {
		otel.Set("B3", strings.TrimSuffix(single, "-"+zeros(16))) // the parent, as above
	}
	if !slices.Contains([]string{"0", "1", "true", "false"}, strings.ToLower(sampled)) {
		otel.Del("X-B3-Sampled") // an unknown state is as none, not the end of the trace
	}
	require.Equal(t, otelPassOn(b3.New(), otel), passOn(propagation.B3{}, in), "%q", in)
	require.Equal(t, otelPassOn(b3.New(b3.WithInjectEncoding(b3.B3MultipleHeader)), otel), passOn(propagation.B3{Multi: true}, in), "%q", in)
}

func TestB3(t *testing.T) {
	both := id + "-" + span
	for _, single := range []string{"", "0", "d", "x", both, both + "-1", half + "-" + span + "-d", both + "-0-" + span, both + "-1-", both + "-", both + "-" + span, both + "-true", both + "-D",
		both + "-1-" + zeros(16), both + "-1-xyz", zeros(32) + "-" + span + "-1", both + "-1-" + span + "-1", id + "-" + zeros(16) + "-1"} {
		for _, traceID := range ids {
			for _, spanID := range spans {
				for _, sampled := range []string{"", "0", "1", "true", "True", "TRUE", "false", "False", "FALSE", "d", "2", "10"} {
					for _, flags := range []string{"", "0", "1", "2"} {
						sameB3(t, single, traceID, spanID, sampled, flags, "")
					}
				}
			}
		}
	}
	sameB3(t, "", id, span, "1", "", "x")
}

func FuzzB3(f *testing.F) {
	f.Add(id+"-"+span+"-1-"+span, "", "", "", "", "")
	f.Add(half+"-"+span+"-d", "", "", "", "", "")
	f.Add("0", id, span, "False", "1", span)
	f.Fuzz(sameB3)
}

// flag8 is what Edgespan takes for Jaeger's flags. Jaeger defines 8 bits; OpenTelemetry takes none, a sign, and 64 bits.
var flag8 = regexp.MustCompile(`^0*[0-9a-fA-F]{1,2}$`)

func sameJaeger(t *testing.T, value string) {
	in := headers("uber-trace-id", value)
	otel := headers("uber-trace-id", strings.NewReplacer("%3a", ":", "%3A", ":").Replace(value)) // Jaeger's clients may encode it
	want := otelPassOn(jaeger.Jaeger{}, otel)
	if parts := strings.Split(otel.Get("uber-trace-id"), ":"); len(parts) == 4 && !flag8.MatchString(parts[3]) {
		want = nil
	}
	require.Equal(t, want, passOn(propagation.Jaeger{}, in), "%q", value)
}

func TestJaeger(t *testing.T) {
	for _, between := range []string{":", "%3A", "%3a", "-"} {
		for _, traceID := range ids {
			for _, spanID := range spans {
				for _, parent := range []string{"", "0", span, "x"} {
					for _, flags := range []string{"", "0", "1", "2", "3", "5", "f", "F", "ff", "01", "00000001", "100", "+1", "-1", "x", "0x1", "1 "} {
						sameJaeger(t, strings.Join([]string{traceID, spanID, parent, flags}, between))
					}
				}
			}
		}
	}
}

func FuzzJaeger(f *testing.F) {
	f.Add(id + ":" + span + ":0:1")
	f.Add("1%3A2%3a0:3")
	f.Fuzz(sameJaeger)
}

func sameXRay(t *testing.T, value string) {
	in := headers("X-Amzn-Trace-Id", value)
	fields := map[string]string{} // the last of each: OpenTelemetry fails at an earlier one that is malformed, and takes Root2 for Root
	for _, field := range strings.Split(value, ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(field), "="); name == "Root" || name == "Parent" || name == "Sampled" {
			fields[name] = name + "=" + value
		}
	}
	otel := slices.DeleteFunc([]string{fields["Root"], fields["Parent"], fields["Sampled"]}, func(s string) bool { return s == "" })
	want := otelPassOn(xray.Propagator{}, headers("X-Amzn-Trace-Id", strings.Join(otel, ";")))
	if want != nil && fields["Sampled"] != "Sampled=0" { // OpenTelemetry does not know of decisions that the sender has left open
		want.Set("X-Amzn-Trace-Id", strings.TrimSuffix(want.Get("X-Amzn-Trace-Id"), ";Sampled=0"))
	}
	require.Equal(t, want, passOn(propagation.XRay{}, in), "%q", value)
}

func TestXRay(t *testing.T) {
	const root = "Root=1-80f198ee-56343ba864fe8b2a57d3eff7"
	for _, between := range []string{";", "; ", " ;", ";;"} {
		for _, root := range []string{"", "Root", root, "root" + root[4:], "Root = " + root[5:], "Root=1-00000000-56343ba864fe8b2a57d3eff7", "Root=1-00000000-" + zeros(24), "Root=2" + root[6:], "Root=1-80F198EE-56343ba864fe8b2a57d3eff7"} {
			for _, parent := range append([]string{"Parent", "parent=" + span}, prefixed("Parent=", spans)...) {
				for _, more := range []string{"", "Sampled=1", "Sampled=0", "Sampled=?", "Sampled=", "Sampled=2", "Sampled=1 ", "Sampled=01", "Sampled=true", "Lineage=a:1", "Self=1-1-1", "x", "Sampled=1;Sampled=0"} {
					for _, fields := range [][]string{{root, parent, more}, {more, root, parent}, {parent, more, root}} {
						sameXRay(t, strings.Join(fields, between))
					}
				}
			}
		}
	}
}

func prefixed(with string, list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, with+s)
	}
	return out
}

func FuzzXRay(f *testing.F) {
	f.Add("Root=1-80f198ee-56343ba864fe8b2a57d3eff7;Parent=" + span + ";Sampled=1")
	f.Add("Sampled=?; Parent=" + span + ";Lineage=a:1 ;Root=1-80f198ee-56343ba864fe8b2a57d3eff7")
	f.Fuzz(sameXRay)
}
