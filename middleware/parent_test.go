package middleware

import (
	"context"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	parentTrace   = "4bf92f3577b34da6a3ce929d0e0e4736"
	parentSpan    = "00f067aa0ba902b7"
	parentSampled = "00-" + parentTrace + "-" + parentSpan + "-01"
	parentNot     = "00-" + parentTrace + "-" + parentSpan + "-00"
)

func TestTraceparent(t *testing.T) {
	for _, test := range []struct {
		name      string
		headers   []string
		continued bool
		state     string
	}{
		{"none", nil, false, ""},
		{"sampled", []string{"Traceparent", parentSampled}, true, ""},
		{"not sampled", []string{"Traceparent", parentNot}, true, ""},
		{"name in upper case", []string{"TRACEPARENT", parentSampled}, true, ""},
		{"future version", []string{"Traceparent", "cc-" + parentTrace + "-" + parentSpan + "-01-more"}, true, ""},
		{"version ff", []string{"Traceparent", "ff-" + parentTrace + "-" + parentSpan + "-01"}, false, ""},
		{"empty", []string{"Traceparent", ""}, false, ""},
		{"short", []string{"Traceparent", parentSampled[:54]}, false, ""},
		{"long", []string{"Traceparent", parentSampled + "-"}, false, ""},
		{"upper case", []string{"Traceparent", strings.ToUpper(parentSampled)}, false, ""},
		{"zero trace", []string{"Traceparent", "00-00000000000000000000000000000000-" + parentSpan + "-01"}, false, ""},
		{"zero span", []string{"Traceparent", "00-" + parentTrace + "-0000000000000000-01"}, false, ""},
		{"twice", []string{"Traceparent", parentSampled, "Traceparent", parentSampled}, false, ""},
		{"joined", []string{"Traceparent", parentSampled + ", " + parentSampled}, false, ""},
		{"garbage", []string{"Traceparent", "\x00\xff\n"}, false, ""},
		{"with state", []string{"Traceparent", parentSampled, "Tracestate", "a=1,b=2"}, true, "a=1,b=2"},
		{"two states", []string{"Traceparent", parentSampled, "Tracestate", "a=1", "Tracestate", "b=2"}, true, "a=1,b=2"},
		{"bad state", []string{"Traceparent", parentSampled, "Tracestate", "A=1"}, true, ""},
		{"state of many", []string{"Traceparent", parentSampled, "Tracestate", strings.Repeat("a=1,", 33)}, true, ""},
		{"state alone", []string{"Tracestate", "a=1"}, false, ""},
		{"sampling of a stranger", []string{"Traceparent", parentSampled, "Tracestate", "ot=th:8;rv:ffffffffffffff,a=1"}, true, "a=1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSetup()
			s.serve(request(t, "GET", "http://h/", test.headers...), Config{}, nothing)
			root := s.root(t)
			require.True(t, root.SpanContext.IsValid())
			require.Equal(t, test.continued, root.SpanContext.TraceID.String() == parentTrace)
			require.Equal(t, test.continued, root.ParentSpanID.String() == parentSpan)
			require.Equal(t, test.continued, root.ParentRemote)
			require.NotEqual(t, parentSpan, root.SpanContext.SpanID.String())
			require.Equal(t, test.state, root.SpanContext.TraceState.String())
			require.True(t, root.SpanContext.IsSampled())
		})
	}
}

// A client's sampled flag has no effect unless the client is trusted.
func TestTrustParent(t *testing.T) {
	yes := func(*fsthttp.Request) bool { return true }
	no := func(*fsthttp.Request) bool { return false }
	byHeader := func(r *fsthttp.Request) bool { return r.Header.Get("Fastly-Client") == "1" }
	never, always := trace.ParentBased(trace.Never()), trace.ParentBased(trace.Always())
	for _, test := range []struct {
		name    string
		sampler trace.Sampler
		trust   func(*fsthttp.Request) bool
		parent  string
		headers []string
		want    bool
	}{
		{"stranger says yes, sampler no", never, nil, parentSampled, nil, false},
		{"stranger says yes, sampler no, trusts nobody", never, no, parentSampled, nil, false},
		{"friend says yes, sampler no", never, yes, parentSampled, nil, true},
		{"stranger says no, sampler yes", always, nil, parentNot, nil, true},
		{"friend says no, sampler yes", always, yes, parentNot, nil, false},
		{"friend says yes, Never itself", trace.Never(), yes, parentSampled, nil, false},
		{"by request, friend", never, byHeader, parentSampled, []string{"Fastly-Client", "1"}, true},
		{"by request, stranger", never, byHeader, parentSampled, nil, false},
		{"ratio 1", trace.Ratio(1), nil, parentNot, nil, true},
		{"ratio 0", trace.Ratio(0), nil, parentSampled, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSetup(trace.Config{Sampler: test.sampler})
			r := request(t, "GET", "http://h/", append(test.headers, "Traceparent", test.parent)...)
			s.serve(r, Config{TrustParent: test.trust}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
				sc := trace.SpanFromContext(ctx).SpanContext()
				assert.Equal(t, test.want, sc.IsSampled())
				assert.Equal(t, parentTrace, sc.TraceID.String(), "continued in any case")
			})
			require.Len(t, s.all(), map[bool]int{true: 1}[test.want])
		})
	}

	s := newSetup()
	s.serve(request(t, "GET", "http://h/"), Config{TrustParent: yes}, nothing)
	require.False(t, s.root(t).ParentSpanID.IsValid(), "there is no parent to trust")
}

// A client cannot evade a ratio by the choice of its trace ids.
func TestRatioOfStrangers(t *testing.T) {
	s := newSetup(trace.Config{Sampler: trace.Ratio(0.25)})
	handler := New(s.tp)(fsthttp.HandlerFunc(nothing))
	r := request(t, "GET", "http://h/", "Traceparent", "00-ffffffffffffffffffffffffffffffff-"+parentSpan+"-03",
		"Tracestate", "ot=th:0;rv:ffffffffffffff")
	const n = 2000
	for range n {
		handler(context.Background(), newWire(nil), r)
	}
	got := len(s.all())
	require.InDelta(t, n/4, got, n/16)
	for _, b := range s.all() {
		require.Regexp(t, `^ot=th:c;rv:[0-9a-f]{14}$`, b.Spans[0].SpanContext.TraceState.String())
	}
}
