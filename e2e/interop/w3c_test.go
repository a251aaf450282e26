package interop

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	otelbaggage "go.opentelemetry.io/otel/baggage"
	otelpropagation "go.opentelemetry.io/otel/propagation"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// version00 may have flags that the specification does not define. It asks to clear them; OpenTelemetry refuses the header. But
// OpenTelemetry lets a dash follow the flags.
var version00 = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-?)$`)

func FuzzTraceparent(f *testing.F) {
	for _, s := range []string{"00-" + id + "-" + span + "-01", "00-" + id + "-" + span + "-fe", "cc-" + id + "-" + span + "-03-x", "cc-" + id + "-" + span + "-03.x", "00-" + id + "-" + span + "-01-", "ff-" + id + "-" + span + "-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		otel := s
		if parts := version00.FindStringSubmatch(s); parts != nil {
			otel = "01" + s[2:] // those of a later version, OpenTelemetry clears too
			if parts[1] != "" {
				otel = ""
			}
		}
		want := otelPassOn(otelpropagation.TraceContext{}, headers("traceparent", otel))
		require.Equal(t, want, passOn(propagation.W3C{}, headers("traceparent", s)), "%q", s)
	})
}

// level1 is a member whose key level 1 of the specification allows. OpenTelemetry refuses the other keys of level 2.
var level1 = regexp.MustCompile(`^([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=`)

func FuzzTracestate(f *testing.F) {
	for _, s := range []string{"a=1,b@c=2, ot=th:8;rv:00000000000001", "a=1,a=2", "0a=1", "a=1 , ,b= x y", "a@b@c=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ours, err := trace.ParseTraceState(s)
		if otel, otelErr := oteltrace.ParseTraceState(s); otelErr == nil && len(s) <= 4096 { // beyond, long members are left out
			require.NoError(t, err, "%q", s)
			require.Equal(t, otel.String(), ours.String(), "%q", s)
		}
		if ours.IsEmpty() {
			return
		}
		for _, member := range strings.Split(ours.String(), ",") {
			if !level1.MatchString(member) {
				return
			}
		}
		again, err := oteltrace.ParseTraceState(ours.String())
		require.NoError(t, err, "%q", ours)
		require.Equal(t, ours.String(), again.String())
	})
}

func FuzzBaggage(f *testing.F) {
	for _, s := range []string{"a=1,b=2;p=1;q", "a=%20%2C%C3%A9,b= x ", "a=%zz", "a", "a=1;p=%20", "a=%ff", "é=1", "a=1;;p", "a=b=c", "a= ,b=\"x\"", "k=1; p = 2 ; q", "a=1,a=2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) || len(s) > baggage.MaxBytes || strings.Count(s, ",") >= 64 {
			return // cannot be in a header, or beyond OpenTelemetry's limits
		}
		otel, err := otelbaggage.Parse(s)
		if err == nil {
			ours, dropped := baggage.Parse(s)
			require.Zero(t, dropped, "%q", s)
			require.Equal(t, otelValues(otel), values(ours), "%q", s)
			again, err := otelbaggage.Parse(ours.String())
			require.NoError(t, err, "%q", ours)
			require.Equal(t, otelValues(otel), otelValues(again), "%q", ours)
			require.Equal(t, properties(otel), properties(again), "%q", ours)
		}
		ours, dropped := baggage.Parse(otel.String())
		require.Zero(t, dropped, "%q", otel)
		require.Equal(t, otelValues(otel), values(ours), "%q", otel)
	})
}

// oneEach leaves one U+FFFD where several bytes are not UTF-8: the specification does not say how many.
func oneEach(s string) string {
	for strings.Contains(s, "\uFFFD\uFFFD") {
		s = strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD")
	}
	return s
}

func values(b baggage.Baggage) map[string]string {
	out := map[string]string{}
	for _, m := range b.Members() {
		out[m.Key] = oneEach(m.Value)
	}
	return out
}

func otelValues(b otelbaggage.Baggage) map[string]string {
	out := map[string]string{}
	for _, m := range b.Members() {
		out[m.Key()] = oneEach(m.Value())
	}
	return out
}

func properties(b otelbaggage.Baggage) map[string]string {
	out := map[string]string{}
	for _, m := range b.Members() {
		for _, p := range m.Properties() {
			out[m.Key()] += ";" + p.String()
		}
	}
	return out
}
