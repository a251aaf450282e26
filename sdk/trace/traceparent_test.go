package trace_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	ids   = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331" // the specification's example
	zeros = "00000000000000000000000000000000"
)

func TestParseTraceparent(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		flags    trace.TraceFlags
	}{
		{"unsampled", "00-" + ids + "-00", 0},
		{"sampled", "00-" + ids + "-01", trace.FlagSampled},
		{"random", "00-" + ids + "-02", trace.FlagRandom},
		{"sampled and random", "00-" + ids + "-03", trace.FlagSampled | trace.FlagRandom},
		{"unknown flags are cleared", "00-" + ids + "-ff", trace.FlagSampled | trace.FlagRandom},
		{"none but unknown flags", "00-" + ids + "-fc", 0},
		{"a later version", "01-" + ids + "-01", trace.FlagSampled},
		{"a later version with a tail", "01-" + ids + "-01-what the future brings", trace.FlagSampled},
		{"a later version with an empty tail", "cc-" + ids + "-01-", trace.FlagSampled},
		{"the last version", "fe-" + ids + "-01-AB", trace.FlagSampled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc, err := trace.ParseTraceparent(tt.in)
			require.NoError(t, err)
			assert.Equal(t, "0af7651916cd43dd8448eb211c80319c", sc.TraceID.String())
			assert.Equal(t, "b7ad6b7169203331", sc.SpanID.String())
			assert.Equal(t, tt.flags, sc.TraceFlags)
			assert.Equal(t, tt.flags&1 != 0, sc.IsSampled())
			assert.Equal(t, tt.flags&2 != 0, sc.TraceFlags.IsRandom())
			assert.True(t, sc.Remote)
			assert.True(t, sc.IsValid())
			assert.True(t, sc.TraceState.IsEmpty())
		})
	}
}

func TestParseTraceparentMalformed(t *testing.T) {
	for _, tt := range []struct{ name, in string }{
		{"empty", ""},
		{"a dash", "-"},
		{"three dashes", "---"},
		{"one short", "00-" + ids + "-0"},
		{"without flags", "00-" + ids},
		{"one too long", "00-" + ids + "-011"},
		{"version 00 with a tail", "00-" + ids + "-01-tail"},
		{"version 00 with an empty tail", "00-" + ids + "-01-"},
		{"a later version, one too long", "01-" + ids + "-011"},
		{"a later version, one short", "01-" + ids + "-0"},
		{"a later version with another separator", "01-" + ids + "-01.tail"},
		{"version ff", "ff-" + ids + "-01"},
		{"version in upper case", "0A-" + ids + "-01"},
		{"version is no number", "0x-" + ids + "-01"},
		{"trace id in upper case", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
		{"span id in upper case", "00-0af7651916cd43dd8448eb211c80319c-B7ad6b7169203331-01"},
		{"flags in upper case", "00-" + ids + "-0A"},
		{"trace id is no number", "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01"},
		{"span id is no number", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333:-01"},
		{"flags are no number", "00-" + ids + "-0 "},
		{"version too long", "000-" + ids + "-01"},
		{"version too short", "0-" + ids + "-01"},
		{"trace id too long", "00-00af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
		{"trace id too short", "00-af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
		{"span id too long", "00-" + ids + "1-01"},
		{"span id too short", "00-" + ids[:48] + "-01"},
		{"zero trace id", "00-" + zeros + "-b7ad6b7169203331-01"},
		{"zero span id", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"},
		{"first separator", "00_" + ids + "-01"},
		{"second separator", "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01"},
		{"third separator", "00-" + ids + "_01"},
		{"white space in front", " 00-" + ids + "-01"},
		{"white space behind", "00-" + ids + "-01 "},
		{"a newline", "00-" + ids + "-01\n"},
		{"two in one", "00-" + ids + "-01,00-" + ids + "-01"},
		{"not ASCII", "00-0af7651916cd43dd8448eb211c8031é-b7ad6b7169203331-01"},
		{"a megabyte", strings.Repeat("0", 1<<20)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc, err := trace.ParseTraceparent(tt.in)
			assert.Error(t, err)
			assert.Equal(t, trace.SpanContext{}, sc)
		})
	}
}

func TestTraceparentOfSpanContext(t *testing.T) {
	for _, tt := range []struct{ in, out string }{
		{"00-" + ids + "-01", "00-" + ids + "-01"},
		{"00-" + ids + "-02", "00-" + ids + "-02"},
		{"00-" + ids + "-ff", "00-" + ids + "-03"},
		{"42-" + ids + "-00-tail", "00-" + ids + "-00"},
	} {
		sc, err := trace.ParseTraceparent(tt.in)
		require.NoError(t, err)
		assert.Equal(t, tt.out, sc.Traceparent())
	}
	assert.Equal(t, "00-"+zeros+"-0000000000000000-00", trace.SpanContext{}.Traceparent())
}

func TestFromHeaders(t *testing.T) {
	const good, other = "00-" + ids + "-01", "00-" + ids + "-00"
	for _, tt := range []struct {
		name                    string
		traceparent, tracestate []string
		valid                   bool
		state                   string
	}{
		{"none", nil, nil, false, ""},
		{"tracestate alone", nil, []string{"a=1"}, false, ""},
		{"one", []string{good}, nil, true, ""},
		{"one and its tracestate", []string{good}, []string{"a=1,b=2"}, true, "a=1,b=2"},
		{"tracestate in several headers", []string{good}, []string{"a=1", "", "b=2 , c=3"}, true, "a=1,b=2,c=3"},
		{"malformed tracestate", []string{good}, []string{"a=1,B=2"}, true, ""},
		{"one tracestate of two malformed", []string{good}, []string{"a=1", "?"}, true, ""},
		{"empty tracestate", []string{good}, []string{""}, true, ""},
		{"malformed", []string{"00-zz"}, []string{"a=1"}, false, ""},
		{"empty", []string{""}, []string{"a=1"}, false, ""},
		{"two", []string{good, other}, []string{"a=1"}, false, ""},
		{"the same twice", []string{good, good}, nil, false, ""},
		{"one and an empty one", []string{good, ""}, nil, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc := trace.SpanContextFromHeaders(tt.traceparent, tt.tracestate)
			assert.Equal(t, tt.valid, sc.IsValid())
			assert.Equal(t, tt.valid, sc.Remote)
			assert.Equal(t, tt.valid, sc.IsSampled())
			assert.Equal(t, tt.state, sc.TraceState.String())
		})
	}
}
