package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// asIs returns an edit that sets a header's values under exactly this name, one header line per value.
func asIs(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[name] = values }
}

// TestTraceparent sends all kinds of trace context headers, from well-formed to hostile ones.
func TestTraceparent(t *testing.T) {
	c := newCaller()
	ids := c.trace.String() + "-" + c.span.String()
	for name, k := range map[string]struct {
		values    []string
		continued bool
		random    bool
	}{
		"sampled":             {[]string{"00-" + ids + "-01"}, true, false},
		"not sampled":         {[]string{"00-" + ids + "-00"}, true, false},
		"random":              {[]string{"00-" + ids + "-03"}, true, true},
		"unknown flags":       {[]string{"00-" + ids + "-fd"}, true, false},
		"future version":      {[]string{"cc-" + ids + "-01"}, true, false},
		"future, longer":      {[]string{"cc-" + ids + "-01-what-the-future-brings"}, true, false},
		"future, glued":       {[]string{"cc-" + ids + "-01x"}, false, true},
		"version ff":          {[]string{"ff-" + ids + "-01"}, false, true},
		"longer":              {[]string{"00-" + ids + "-01-more"}, false, true},
		"upper case":          {[]string{"00-" + strings.ToUpper(ids) + "X-01"}, false, true},
		"upper case flags":    {[]string{"00-" + ids + "-0A"}, false, true},
		"zero trace id":       {[]string{"00-" + strings.Repeat("0", 32) + "-" + c.span.String() + "-01"}, false, true},
		"zero span id":        {[]string{"00-" + c.trace.String() + "-" + strings.Repeat("0", 16) + "-01"}, false, true},
		"too short":           {[]string{"00-" + ids[:40] + "-01"}, false, true},
		"not hexadecimal":     {[]string{"00-" + strings.Repeat("g", 32) + "-" + c.span.String() + "-01"}, false, true},
		"other separators":    {[]string{"00_" + strings.ReplaceAll(ids, "-", "_") + "_01"}, false, true},
		"empty":               {[]string{""}, false, true},
		"twice":               {[]string{"00-" + ids + "-01", "00-" + ids + "-01"}, false, true},
		"two in one":          {[]string{"00-" + ids + "-01,00-" + ids + "-01"}, false, true},
		"thirty kB":           {[]string{"00-" + ids + "-01" + strings.Repeat("-", 30<<10)}, false, true},
		"thirty kB of future": {[]string{"cc-" + ids + "-01-" + strings.Repeat("x", 30<<10)}, true, false},
		"bytes above ASCII":   {[]string{"00-" + ids + "-01\xff"}, false, true},
		"not there":           {nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			probe := newCaller().trace.String()
			r := odd.get(t, "/default/context?"+probe, asIs("Traceparent", k.values...))
			assert.Equal(t, 200, r.StatusCode)
			server := odd.find(t, func(s span) bool { return s.attribute("url.query") == probe })
			assert.True(t, strings.HasPrefix(r.body, server.SpanContext.Traceparent()), "the handler saw %s", r.body)
			assert.Equal(t, k.continued, server.SpanContext.TraceID == c.trace, "continued")
			assert.Equal(t, k.continued, server.ParentRemote)
			assert.Equal(t, k.continued, server.ParentSpanID == c.span)
			assert.Equal(t, k.random, server.SpanContext.TraceFlags.IsRandom(), "random flag")
			assert.True(t, server.SpanContext.IsSampled())
		})
	}
}

// TestHeaderNames sends trace context headers byte for byte: in any case, with white space around the value, and under names that
// only look like them.
func TestHeaderNames(t *testing.T) {
	for name, k := range map[string]struct {
		parent, state string // header lines; %s is the value
		continued     bool
		want          string
	}{
		"lower case":            {"traceparent: %s", "tracestate: a=1", true, "a=1"},
		"upper case":            {"TRACEPARENT: %s", "TRACESTATE: a=1", true, "a=1"},
		"mixed case":            {"TrAcEpArEnT: %s", "TrAcEsTaTe: a=1", true, "a=1"},
		"no white space":        {"traceparent:%s", "tracestate:a=1", true, "a=1"},
		"white space in front":  {"traceparent: \t %s", "tracestate: \t a=1", true, "a=1"},
		"white space behind":    {"traceparent: %s \t", "tracestate: a=1 \t", true, "a=1"},
		"white space and comma": {"traceparent: %s", "tracestate: a=1\t \t,\t \tb=2", true, "a=1,b=2"},
		"with a dash":           {"trace-parent: %s", "tracestate: a=1", false, ""},
		"with a dot":            {"trace.parent: %s", "tracestate: a=1", false, ""},
		"state with a dash":     {"traceparent: %s", "trace-state: a=1", true, ""},
		"state with a dot":      {"traceparent: %s", "trace.state: a=1", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCaller()
			r := odd.raw(t, strings.Join([]string{"GET /default/context HTTP/1.1", "Host: x", "Connection: close",
				fmt.Sprintf(k.parent, c.traceparent()), k.state, "", ""}, "\r\n"))
			require.Equal(t, 200, r.code(), r.status)
			sc := parsed(t, strings.Fields(r.body)[0])
			assert.Equal(t, k.continued, sc.TraceID == c.trace)
			assert.NotEqual(t, c.span, sc.SpanID)
			assert.Contains(t, r.body, fmt.Sprintf("%q", k.want))
		})
	}
}

// Each request to a backend has a parent of its own.
func TestParentOfEachRequest(t *testing.T) {
	for name, traceparent := range map[string]string{"continued": "", "new": "malformed"} {
		t.Run(name, func(t *testing.T) {
			probe := newCaller().trace.String()
			r := example.get(t, "/api/items/"+probe, func(r *http.Request) {
				if traceparent != "" {
					r.Header.Set("Traceparent", traceparent)
				}
			})
			require.Equal(t, 200, r.StatusCode, r.body)
			var contexts []trace.SpanContext
			for _, o := range []*origin{backend, inventory} {
				asked := o.find(t, func(s seen) bool { return strings.HasSuffix(s.URL.Path, "/"+probe) })
				contexts = append(contexts, parsed(t, asked.Header.Get("Traceparent")))
			}
			assert.Equal(t, contexts[0].TraceID, contexts[1].TraceID)
			assert.Equal(t, traceparent == "", contexts[0].TraceID == r.trace)
			assert.NotEqual(t, contexts[0].SpanID, contexts[1].SpanID)
			assert.NotContains(t, []trace.SpanID{contexts[0].SpanID, contexts[1].SpanID}, r.span)
		})
	}
}

func TestTracestate(t *testing.T) {
	members := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("v%d=x", i))
		}
		return strings.Join(list, ",")
	}
	for name, k := range map[string]struct {
		values []string
		want   string
	}{
		"one":                   {[]string{"vendor=value"}, "vendor=value"},
		"two headers":           {[]string{"one=1", "two=2"}, "one=1,two=2"},
		"white space and empty": {[]string{" one=1 , ,two=2 ,"}, "one=1,two=2"},
		"as many as may be":     {[]string{members(32)}, members(32)},
		"one too many":          {[]string{members(33)}, ""},
		"too long":              {[]string{"one=" + strings.Repeat("x", 257)}, ""},
		"thirty kB":             {[]string{strings.Repeat("x", 30<<10)}, ""},
		"one key twice":         {[]string{"one=1,one=2"}, "one=1"},
		"upper case":            {[]string{"One=1"}, ""},
		"no value":              {[]string{"one"}, ""},
		"bytes above ASCII":     {[]string{"one=caf\xc3\xa9"}, ""},
		"quotes":                {[]string{`one="1"`}, `one="1"`},
		"empty":                 {[]string{""}, ""},
		// The sampling decision of an untrusted client is not passed on.
		"threshold": {[]string{"ot=th:8;rv:00000000000001,one=1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := odd.get(t, "/default/context", asIs("Tracestate", k.values...))
			server := odd.root(t, r.trace)
			if name == "threshold" {
				assert.NotContains(t, server.SpanContext.TraceState.String(), "th:")
				assert.Contains(t, server.SpanContext.TraceState.String(), "one=1")
				return
			}
			assert.Equal(t, k.want, server.SpanContext.TraceState.String())
			assert.Contains(t, r.body, fmt.Sprintf("%q", k.want))
		})
	}
}

// TestSampling sends the sampled flag of an untrusted client, and of a trusted one.
func TestSampling(t *testing.T) {
	flag := func(flags string) func(*http.Request) {
		return func(r *http.Request) {
			v := r.Header.Get("Traceparent")
			r.Header.Set("Traceparent", v[:len(v)-2]+flags)
		}
	}
	for _, k := range []struct {
		setting string
		flags   string
		sampled bool
	}{
		{"default", "00", true},
		{"never", "01", false},
		{"never", "00", false},
		{"ratio-0", "01", false},
		{"trusting", "01", true},
		{"trusting", "00", false},
		{"keep-errors", "01", false},
		{"no-exporter", "01", false}, // the client's headers are passed on unchanged
	} {
		t.Run(k.setting+" "+k.flags, func(t *testing.T) {
			r := odd.get(t, "/"+k.setting+"/context", flag(k.flags))
			sc := parsed(t, strings.Fields(r.body)[0])
			assert.Equal(t, r.trace, sc.TraceID, "the trace is continued in any case")
			if k.setting == "no-exporter" {
				assert.Equal(t, r.span, sc.SpanID)
				assert.True(t, sc.IsSampled())
				odd.noSpans(r.trace)
				return
			}
			assert.NotEqual(t, r.span, sc.SpanID)
			assert.Equal(t, k.sampled, sc.IsSampled(), "the flag that backends get")
			if k.sampled {
				odd.root(t, r.trace)
			} else {
				odd.noSpans(r.trace)
			}
		})
	}
}

// If nothing is recorded, the context is still passed on, with the sampled flag cleared.
func TestUnsampledReachesBackends(t *testing.T) {
	r := odd.get(t, "/never/backend?to=backend&url=http://x/data", header("Tracestate", "one=1"))
	assert.Equal(t, 200, r.StatusCode)
	asked := backend.askedOnce(t, r.caller)
	assert.False(t, parsed(t, asked.Header.Get("Traceparent")).IsSampled())
	assert.Equal(t, "one=1", asked.Header.Get("Tracestate"))
	odd.noSpans(r.trace)
}

// TestRatio samples about one half, whatever the client's flag says, and writes the threshold to the trace state.
func TestRatio(t *testing.T) {
	const requests = 60
	sampled := 0
	for range requests {
		r := odd.get(t, "/ratio-half/context")
		if !parsed(t, strings.Fields(r.body)[0]).IsSampled() {
			odd.noSpans(r.trace)
			continue
		}
		sampled++
		assert.Contains(t, odd.root(t, r.trace).SpanContext.TraceState.String(), "th:8")
	}
	// A larger difference is more than five standard deviations.
	assert.InDelta(t, requests/2, sampled, 20)
}

func TestKeepRules(t *testing.T) {
	fails := odd.get(t, "/keep-errors/fail")
	works := odd.get(t, "/keep-errors/child")
	slow := odd.get(t, "/keep-slow/sleep?n=80")
	quick := odd.get(t, "/keep-slow/child")
	panics := odd.get(t, "/bad-keep/child")
	assert.Equal(t, trace.StatusError, odd.root(t, fails.trace).Status.Code)
	odd.root(t, slow.trace)
	odd.noSpans(works.trace)
	if quick.took.Milliseconds() < 50 { // otherwise the machine was busy, and the rule has matched rightly
		odd.noSpans(quick.trace)
	}
	odd.spans(t, panics.trace, 2)
	odd.says(t, "panic in Keep.If: keep")
}

func TestShortTraceIDs(t *testing.T) {
	r := odd.get(t, "/short-ids/context", header("Traceparent"))
	sc := parsed(t, strings.Fields(r.body)[0])
	assert.Equal(t, make([]byte, 8), sc.TraceID[:8])
	require.True(t, sc.IsValid())
	odd.root(t, sc.TraceID)
}
