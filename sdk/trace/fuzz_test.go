package trace_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// traceparentForm is the specification's grammar, https://www.w3.org/TR/trace-context-2/#traceparent-header-field-values.
var traceparentForm = regexp.MustCompile(`(?s)^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$`)

func FuzzTraceparent(f *testing.F) {
	for _, s := range []string{
		"00-" + ids + "-01", "00-" + ids + "-ff", "01-" + ids + "-02-tail", "ff-" + ids + "-01", "00-" + ids + "-01-", "cc-" + ids + "-01\n",
		"00-" + zeros + "-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "", "00-" + ids, strings.ToUpper("00-" + ids + "-01"),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := traceparentForm.FindStringSubmatch(s)
		valid := m != nil && m[1] != "ff" && m[2] != zeros && m[3] != zeros[:16] && (m[1] != "00" || m[5] == "")
		sc, err := trace.ParseTraceparent(s)
		require.Equal(t, valid, err == nil)
		require.Equal(t, valid, sc.IsValid())
		if !valid {
			require.Equal(t, trace.SpanContext{}, sc)
			return
		}
		flags := "0" + string("0123"[strings.IndexByte("0123456789abcdef", m[4][1])%4])
		want := "00-" + m[2] + "-" + m[3] + "-" + flags
		require.Equal(t, want, sc.Traceparent())
		again, err := trace.ParseTraceparent(want)
		require.NoError(t, err)
		require.Equal(t, sc, again)

		require.Equal(t, sc, trace.SpanContextFromHeaders([]string{s}, nil))
		tid, err := trace.ParseTraceID(m[2])
		require.NoError(t, err)
		sid, err := trace.ParseSpanID(m[3])
		require.NoError(t, err)
		require.Equal(t, trace.SpanContext{TraceID: tid, SpanID: sid, TraceFlags: sc.TraceFlags, Remote: true}, sc)
	})
}

// The specification's grammar of a tracestate, https://www.w3.org/TR/trace-context-2/#tracestate-header-field-values.
var (
	stateKeyForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9_\-*/@]{0,255}$`)
	stateValueForm = regexp.MustCompile(`^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$`)
)

// referenceState is ParseTraceState, written as the specification says it: it returns the members, and whether they are valid.
func referenceState(headers []string) (members []string, valid bool) {
	var keys []string
	count, length := 0, -1
	for _, m := range strings.Split(strings.Join(headers, ","), ",") {
		m = strings.Trim(m, " \t")
		if m == "" {
			continue
		}
		key, value, ok := strings.Cut(m, "=")
		if !ok || !stateKeyForm.MatchString(key) || !stateValueForm.MatchString(value) {
			return nil, false
		}
		if count++; slices.Contains(keys, key) {
			continue
		}
		keys = append(keys, key)
		if length+1+len(m) > 4096 && len(m) > 128 {
			continue
		}
		members, length = append(members, m), length+1+len(m)
	}
	return members, count <= 32
}

// referenceWith is TraceState.With.
func referenceWith(members []string, key, value string) []string {
	members = append([]string{key + "=" + value}, referenceWithout(members, key)...)
	members, _ = referenceState(members[:min(len(members), 32)])
	return members
}

func referenceWithout(members []string, key string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(m string) bool { return strings.HasPrefix(m, key+"=") })
}

func FuzzTraceState(f *testing.F) {
	f.Add("a=1,b=2", "c=3", "b", "x")
	f.Add(" a=1\t,,b@t= 2 ", "", "a", "1 ")
	f.Add(manyMembers(32), "", "new", "v")
	f.Add(manyMembers(31), "x=y", "k3", "v")
	f.Add(manyMembers(32), "x=y", "k3", "v")
	f.Add(membersOf(16, 255), "", "c255-15", "v")
	f.Add(membersOf(15, 255), membersOf(1, 256), "ot", strings.Repeat("v", 256))
	f.Add(membersOf(15, 255), membersOf(1, 257), "c257-00", "v")
	f.Add(membersOf(31, 128), membersOf(1, 129), "c128-00", strings.Repeat("v", 256))
	f.Add(strings.Repeat("a="+strings.Repeat("v", 250)+",", 18), "a=1", "a", "v")
	f.Add("a=1,a=2", "", "a", "v")
	f.Add(membersOf(15, 255)+",a="+strings.Repeat("v", 255), "a=1", "a", "v")
	f.Add(strings.Repeat("k", 256)+"="+strings.Repeat("v", 256), "", strings.Repeat("k", 257), strings.Repeat("v", 257))
	f.Fuzz(func(t *testing.T, one, two, key, value string) {
		members, valid := referenceState([]string{one, two})
		ts, err := trace.ParseTraceState(one, two)
		require.Equal(t, valid, err == nil)
		if !valid {
			require.Equal(t, trace.TraceState{}, ts)
			members = nil
		}
		text := strings.Join(members, ",")
		require.Equal(t, text, ts.String())
		require.LessOrEqual(t, len(text), 7192)
		require.Equal(t, text == "", ts.IsEmpty())
		for _, m := range members {
			k, v, _ := strings.Cut(m, "=")
			require.Equal(t, v, ts.Get(k))
		}
		again, err := trace.ParseTraceState(ts.String())
		require.NoError(t, err)
		require.Equal(t, ts, again)

		without := ts.Without(key)
		require.Equal(t, strings.Join(referenceWithout(members, key), ","), without.String())
		require.Empty(t, without.Get(key))
		with, err := ts.With(key, value)
		if !stateKeyForm.MatchString(key) || !stateValueForm.MatchString(value) {
			require.Error(t, err)
			require.Equal(t, ts, with)
		} else {
			require.NoError(t, err)
			require.Equal(t, strings.Join(referenceWith(members, key, value), ","), with.String())
			require.Equal(t, value, with.Get(key))
			again, err = trace.ParseTraceState(with.String())
			require.NoError(t, err)
			require.Equal(t, with, again)
		}
		assert.Equal(t, text, ts.String(), "it is immutable")

		// Whatever the trace state of an untrusted parent says, a sampler makes a valid state of it that does not contain the
		// parent's sampling decision.
		parent := trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, Remote: true, TraceState: ts}
		for _, trusted := range []bool{false, true} {
			result := trace.Ratio(0.5).Sample(trace.SamplingParameters{TraceID: parent.TraceID, Parent: parent, TrustParent: trusted})
			again, err = trace.ParseTraceState(result.TraceState.String())
			require.NoError(t, err)
			require.Equal(t, result.TraceState, again)
			if !trusted && result.Sampled {
				require.Regexp(t, `^th:8;rv:[0-9a-f]{14}$`, result.TraceState.Get("ot"))
			}
		}
	})
}
