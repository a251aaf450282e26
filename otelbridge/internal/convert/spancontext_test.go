package convert_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestSpanContext(t *testing.T) {
	state, err := trace.ParseTraceState("b=2,a=1")
	require.NoError(t, err)
	for name, sc := range map[string]trace.SpanContext{
		"zero":   {},
		"local":  {TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagSampled | trace.FlagRandom},
		"remote": {TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: 2}, Remote: true, TraceState: state},
	} {
		t.Run(name, func(t *testing.T) {
			otel := convert.SpanContextToOTel(sc)
			assert.Equal(t, sc.IsValid(), otel.IsValid())
			assert.Equal(t, sc.IsSampled(), otel.IsSampled())
			assert.Equal(t, sc.TraceFlags.IsRandom(), otel.IsRandom())
			assert.Equal(t, sc.Remote, otel.IsRemote())
			assert.Equal(t, sc.TraceID.String(), otel.TraceID().String())
			assert.Equal(t, sc.SpanID.String(), otel.SpanID().String())
			assert.Equal(t, sc.TraceState.String(), otel.TraceState().String())
			assert.Equal(t, sc, convert.SpanContextFromOTel(otel))
		})
	}
}

func TestTraceStateOfLevel2KeepsWhatLevel1Knows(t *testing.T) {
	state, err := trace.ParseTraceState("a=1,2digit=2,b@c@d=3,z=4")
	require.NoError(t, err)
	assert.Equal(t, "a=1,z=4", convert.TraceStateToOTel(state).String())

	none, err := trace.ParseTraceState("2digit=2")
	require.NoError(t, err)
	assert.Equal(t, oteltrace.TraceState{}, convert.TraceStateToOTel(none))
}

func TestTraceStateAboveTheLimitKeepsTheNewest(t *testing.T) {
	var members []string
	for i := range 32 {
		members = append(members, fmt.Sprintf("key%d=%s", i, strings.Repeat("v", 250)))
	}
	state, err := oteltrace.ParseTraceState(strings.Join(members, ","))
	require.NoError(t, err)
	kept := strings.Split(convert.TraceStateFromOTel(state).String(), ",")
	require.NotEmpty(t, kept)
	assert.Equal(t, members[:len(kept)], kept)
	assert.Len(t, kept, 15)
}

// A trace state that OpenTelemetry accepts is converted unchanged up to Edgespan's limit. A trace state that Edgespan accepts
// is converted to one that contains nothing else.
func FuzzTraceState(f *testing.F) {
	for _, seed := range []string{"", "a=1", "a=1,b=2", "2=x", "t@v=1", " a= b ,", "a=1,a=2", "a=" + strings.Repeat("x", 256)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if otel, err := oteltrace.ParseTraceState(s); err == nil {
			ours := convert.TraceStateFromOTel(otel)
			if len(s) <= 4096 {
				assert.Equal(t, canonical(otel.String()), ours.String())
			}
			assert.Equal(t, ours.String(), convert.TraceStateToOTel(ours).String())
		}
		if ours, err := trace.ParseTraceState(s); err == nil {
			otel := convert.TraceStateToOTel(ours)
			otel.Walk(func(key, value string) bool {
				assert.Equal(t, value, ours.Get(key))
				return true
			})
		}
	})
}

// canonical returns a trace state without the white space that Edgespan removes.
func canonical(s string) string {
	members := strings.Split(s, ",")
	for i := range members {
		members[i] = strings.Trim(members[i], " \t")
	}
	return strings.Join(members, ",")
}
