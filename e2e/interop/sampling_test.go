package interop

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/edgespan/edgespan/sdk/trace"
)

// FuzzRatio checks that trace.Ratio decides as the Collector's probabilistic sampler does, and that the Collector reads the
// threshold and the randomness that it writes. A share of n is n/256.
func FuzzRatio(f *testing.F) {
	for _, state := range []string{"", "ot=th:8;rv:80000000000000,a=1", "a=1,ot=x:y;th:0;z:w", "ot=rv:00000000000000", "ot=th:c", "ot=rv:00", "ot=;x:y;;th:0", "ot=p:8;r:62", "ot=th:", "ot=th", "ot=rv:ffffffffffffff"} {
		f.Add(state, uint64(0), true, uint8(128))
		f.Add(state, uint64(1)<<56-1, true, uint8(10))
		f.Add(state, uint64(1)<<55, false, uint8(200))
	}
	f.Fuzz(func(t *testing.T, state string, randomness uint64, trusted bool, share uint8) {
		ts, err := trace.ParseTraceState(state)
		// The specification wants lower case, and says nothing of a field that is there twice.
		if ot := ts.Get("ot"); err != nil || share == 0 || ot != strings.ToLower(ot) || strings.Count(ot, "rv:") > 1 || strings.Count(ot, "th:") > 1 {
			return
		}
		id := trace.TraceID{1}
		binary.BigEndian.PutUint64(id[8:], randomness)
		parent := trace.SpanContext{TraceID: id, SpanID: trace.SpanID{1}, TraceState: ts}
		ratio := float64(share) / 256
		result := trace.Ratio(ratio).Sample(trace.SamplingParameters{TraceID: id, Parent: parent, TrustParent: trusted})

		in, inErr := sampling.NewW3CTraceState(ts.String())
		if _, err := sampling.NewW3CTraceState(ts.Without("ot").String()); err != nil || inErr != nil && trusted {
			return // keys that only level 2 of the specification has, or what is malformed in a trusted ot, are passed on
		}
		out, err := sampling.NewW3CTraceState(result.TraceState.String())
		require.NoError(t, err, "%q", result.TraceState)
		if inErr == nil {
			require.Equal(t, in.ExtraValues(), out.ExtraValues(), "the members of others")
		}
		random, explicit := out.OTelValue().RValueRandomness()
		if trusted {
			require.Equal(t, in.OTelValue().RValue(), out.OTelValue().RValue())
			require.Equal(t, in.OTelValue().ExtraValues(), out.OTelValue().ExtraValues())
		} else {
			require.True(t, explicit, "the randomness of a stranger's trace is drawn anew")
		}
		if !explicit {
			random = sampling.TraceIDToRandomness(pcommon.TraceID(id))
		}
		threshold, err := sampling.ProbabilityToThresholdWithPrecision(ratio, 14)
		require.NoError(t, err)
		require.Equal(t, threshold.ShouldSample(random), result.Sampled, "%q", result.TraceState)
		if written, ok := out.OTelValue().TValueThreshold(); result.Sampled {
			require.Equal(t, threshold, written)
			require.InDelta(t, 1/ratio, written.AdjustedCount(), 1e-9)
		} else {
			require.False(t, ok)
		}
	})
}
