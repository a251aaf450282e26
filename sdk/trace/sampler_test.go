package trace_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// traceIDWith returns a trace id whose randomness, its last 56 bits, is r.
func traceIDWith(r uint64) (id trace.TraceID) {
	binary.BigEndian.PutUint64(id[:], 0xffffffffffffffff)
	binary.BigEndian.PutUint64(id[8:], 0xff<<56|r)
	return id
}

// thresholdIn reads th as the specification says, and reports whether there is one.
func thresholdIn(t *testing.T, ts trace.TraceState) (uint64, bool) {
	t.Helper()
	for _, field := range strings.Split(ts.Get("ot"), ";") {
		if th, ok := strings.CutPrefix(field, "th:"); ok {
			v, err := strconv.ParseUint((th + "00000000000000")[:14], 16, 64)
			require.NoError(t, err)
			return v, true
		}
	}
	return 0, false
}

// TestRatioThreshold checks that ot=th is exactly the threshold that decides.
func TestRatioThreshold(t *testing.T) {
	for _, tt := range []struct {
		ratio     float64
		ot        string
		threshold uint64 // of 56 bits
	}{
		{0.5, "th:8", 0x80000000000000},
		{0.25, "th:c", 0xc0000000000000},
		{0.75, "th:4", 0x40000000000000},
		{0.1, "th:e6666666666668", 0xe6666666666668},
		{0.01, "th:fd70a3d70a3d7", 0xfd70a3d70a3d70},
		{1e-9, "th:fffffffbb47d08", 0xfffffffbb47d08},
		{1.0 / 3, "th:aaaaaaaaaaaab", 0xaaaaaaaaaaaab0},
		{1e-17, "th:ffffffffffffff", 0xffffffffffffff}, // the smallest share that can be expressed
		{math.SmallestNonzeroFloat64, "th:ffffffffffffff", 0xffffffffffffff},
		{1 - 0x1p-53, "th:00000000000008", 8},
	} {
		t.Run(fmt.Sprint(tt.ratio), func(t *testing.T) {
			s := trace.Ratio(tt.ratio)
			for _, r := range []uint64{0, tt.threshold - 1, tt.threshold, 1<<56 - 1} {
				result := s.Sample(trace.SamplingParameters{TraceID: traceIDWith(r)})
				assert.Equal(t, r >= tt.threshold, result.Sampled, "%x", r)
				if result.Sampled {
					assert.Equal(t, "ot="+tt.ot, result.TraceState.String())
				} else {
					assert.True(t, result.TraceState.IsEmpty())
				}
			}
		})
	}
}

func TestRatioAtTheEnds(t *testing.T) {
	for _, ratio := range []float64{1, 1.5, math.Inf(1)} {
		assert.Equal(t, trace.Always(), trace.Ratio(ratio), ratio)
	}
	for _, ratio := range []float64{0, -1, math.Inf(-1), math.NaN(), math.Copysign(0, -1)} {
		assert.Equal(t, trace.Never(), trace.Ratio(ratio), ratio)
	}
	for r, want := range map[trace.Sampler]bool{trace.Ratio(1): true, trace.Ratio(0): false} {
		result := r.Sample(trace.SamplingParameters{TraceID: traceIDWith(1)})
		assert.Equal(t, trace.SamplingResult{Sampled: want}, result)
	}
}

// TestRatioShare checks that the share of sampled traces is about the ratio, and that each says how many traces it stands for.
func TestRatioShare(t *testing.T) {
	const n = 20_000
	for _, ratio := range []float64{0.5, 0.1, 0.01} {
		random := rand.New(rand.NewPCG(1, 2))
		sampler := trace.Ratio(ratio)
		count := 0
		for range n {
			if sampler.Sample(trace.SamplingParameters{TraceID: traceIDWith(random.Uint64() >> 8)}).Sampled {
				count++
			}
		}
		assert.InDelta(t, n*ratio, count, 4*math.Sqrt(n*ratio*(1-ratio)), ratio)

		// With the provider's own ids, and with ids of an untrusted parent that would always be sampled.
		f := newFixture(trace.Config{Exporter: discard, Sampler: trace.ParentBased(sampler)})
		stranger := remote(t, "00-ffffffffffffffffffffffffffffffff-b7ad6b7169203331-03", "ot=th:0;rv:ffffffffffffff")
		for _, config := range []trace.StartConfig{{}, {Parent: stranger}} {
			before := f.Stats()
			for range n {
				_, span := f.Start(background, "root", config)
				span.End()
			}
			after := f.Stats()
			exported := after.ExportedSpans - before.ExportedSpans
			assert.InDelta(t, n*ratio, exported, 8*math.Sqrt(n*ratio), ratio)
			assert.Equal(t, uint64(n), exported+after.SampledOutTraces-before.SampledOutTraces)
		}
	}
}

// TestRatiosAgree checks that each trace that a sampler chooses is also chosen by every sampler with a higher ratio.
func TestRatiosAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	ratios := []float64{1e-9, 0.001, 0.01, 0.1, 0.25, 1.0 / 3, 0.5, 0.9, 0.999, 1}
	for range 2000 {
		id := traceIDWith(random.Uint64() >> 8)
		yes := false
		for _, ratio := range ratios {
			sampled := trace.Ratio(ratio).Sample(trace.SamplingParameters{TraceID: id}).Sampled
			require.True(t, sampled || !yes, "%s at %v", id, ratio)
			yes = yes || sampled
		}
	}
}

// TestRatiosAgreeDownstream checks that a service which trusts the edge and has a higher ratio samples all traces that the edge
// samples, also if an untrusted client chose the trace id.
func TestRatiosAgreeDownstream(t *testing.T) {
	edge := newFixture(trace.Config{Exporter: discard, Sampler: trace.Ratio(0.25)})
	behind := trace.Ratio(0.5)
	total := 0
	stranger := remote(t, "00-ff000000000000000000000000000000-b7ad6b7169203331-03", "ot=rv:00000000000000,a=1")
	sampled := 0
	for range 500 {
		_, span := edge.Start(background, "root", trace.StartConfig{Parent: stranger})
		sc := span.SpanContext()
		result := behind.Sample(trace.SamplingParameters{TraceID: sc.TraceID, Parent: sc, TrustParent: true})
		if result.Sampled {
			total++
		}
		if sc.IsSampled() {
			sampled++
			require.True(t, result.Sampled)
			th, ok := thresholdIn(t, result.TraceState)
			require.True(t, ok)
			require.Equal(t, uint64(0x80000000000000), th)
			require.Equal(t, "1", result.TraceState.Get("a"))
			require.Contains(t, result.TraceState.Get("ot"), "rv:", "the randomness is passed on")
		}
		span.End()
	}
	assert.InDelta(t, 125, sampled, 80)
	assert.InDelta(t, 250, total, 90, "those that the edge left out are decided by its randomness too")
}

// TestUntrustedParent checks that an untrusted parent decides nothing, and that its trace continues.
func TestUntrustedParent(t *testing.T) {
	for _, flags := range []string{"00", "01", "03"} {
		for _, state := range []string{"", "ot=th:0", "ot=th:0;rv:ffffffffffffff", "ot=th:ffffffffffffff;rv:00000000000000"} {
			parent := remote(t, "00-"+ids+"-"+flags, "a=1", state, "b=2")
			for _, tt := range []struct {
				sampler trace.Sampler
				want    bool
			}{
				{nil, true}, {trace.Always(), true}, {trace.Never(), false},
				{trace.ParentBased(trace.Never()), false}, {trace.ParentBased(trace.Always()), true},
			} {
				f := newFixture(trace.Config{Sampler: tt.sampler})
				_, span := f.Start(background, "root", trace.StartConfig{Parent: parent})
				span.End()
				sc := span.SpanContext()
				assert.Equal(t, tt.want, sc.IsSampled())
				assert.Equal(t, tt.want, len(f.exporter.Spans()) == 1)
				assert.Equal(t, parent.TraceID, sc.TraceID)
				assert.NotEqual(t, parent.SpanID, sc.SpanID)
				assert.Equal(t, parent.TraceFlags.IsRandom(), sc.TraceFlags.IsRandom())
				assert.Equal(t, "a=1,b=2", sc.TraceState.String())
			}
		}
	}
}

// TestUntrustedParentAndRatio checks that neither the trace id nor the rv and th of an untrusted parent have an influence.
func TestUntrustedParentAndRatio(t *testing.T) {
	sampler := trace.ParentBased(trace.Ratio(0.5))
	for _, state := range []string{"", "ot=th:0;rv:ffffffffffffff", "ot=rv:00000000000000", "ot=x:y;rv:00000000000000"} {
		for _, id := range []string{"00000000000000000000000000000001", "ffffffffffffffffffffffffffffffff"} {
			parent := remote(t, "00-"+id+"-b7ad6b7169203331-01", state, "a=1")
			var said [2]int
			for range 200 {
				result := sampler.Sample(trace.SamplingParameters{TraceID: parent.TraceID, Parent: parent})
				if !result.Sampled {
					said[0]++
					require.Regexp(t, "^ot=rv:[0-9a-f]{14},a=1$", result.TraceState.String())
					continue
				}
				said[1]++
				require.Regexp(t, `^ot=th:8;rv:[89a-f][0-9a-f]{13},a=1$`, result.TraceState.String())
			}
			assert.Greater(t, min(said[0], said[1]), 30, "both answers come")
		}
	}
}

func TestTrustedParent(t *testing.T) {
	for _, tt := range []struct {
		name, flags, state string
		sampler            trace.Sampler
		sampled            bool
		want               string
	}{
		{"sampled", "01", "", nil, true, ""},
		{"unsampled", "00", "", nil, false, ""},
		{"its state is kept", "01", "ot=th:8;rv:80000000000000,a=1", nil, true, "ot=th:8;rv:80000000000000,a=1"},
		{"whatever the root says", "01", "a=1", trace.ParentBased(trace.Never()), true, "a=1"},
		{"whatever the root says, unsampled", "00", "a=1", trace.ParentBased(trace.Always()), false, "a=1"},
		{"always asks nobody", "00", "a=1", trace.Always(), true, "a=1"},
		{"never asks nobody", "01", "a=1", trace.Never(), false, "a=1"},
		{"always leaves rv, and no threshold", "01", "ot=th:8;rv:80000000000000,a=1", trace.Always(), true, "ot=rv:80000000000000,a=1"},
		{"never leaves rv, and no threshold", "01", "a=1,ot=x:y;th:8", trace.Never(), false, "ot=x:y,a=1"},
		{"a ratio decides by rv", "00", "ot=th:0;rv:80000000000000,a=1", trace.Ratio(0.5), true, "ot=th:8;rv:80000000000000,a=1"},
		{"a ratio decides by rv, no", "01", "ot=th:0;rv:7fffffffffffff,a=1", trace.Ratio(0.5), false, "ot=rv:7fffffffffffff,a=1"},
		{"a ratio decides by the trace id", "00", "a=1", trace.Ratio(0.9), true, "ot=th:19999999999998,a=1"},
		{"a ratio decides by the trace id, no", "01", "a=1,ot=th:0", trace.Ratio(0.1), false, "a=1"},
		{"what else ot says is kept", "01", "a=1,ot=x:y;th:0;z:w", trace.Ratio(0.9), true, "ot=th:19999999999998;x:y;z:w,a=1"},
		{"an empty field", "01", "ot=;x:y;;th:0", trace.Ratio(0.9), true, "ot=th:19999999999998;;x:y;"},
		{"nothing but th", "01", "ot=th:0;,a=1", trace.Never(), false, "a=1"},
		{"rv of a wrong length", "01", "ot=rv:00", trace.Ratio(0.9), true, "ot=th:19999999999998;rv:00"},
		{"rv in upper case", "01", "ot=rv:0000000000000A", trace.Ratio(0.9), true, "ot=th:19999999999998;rv:0000000000000A"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{Sampler: tt.sampler})
			// The randomness of this trace id begins with c8, so it is 0.78 of the greatest.
			parent := remote(t, "00-0af7651916cd43dd84c8eb211c80319c-b7ad6b7169203331-"+tt.flags, tt.state)
			_, span := f.Start(background, "root", trace.StartConfig{Parent: parent, TrustParent: true})
			span.End()
			assert.Equal(t, tt.sampled, span.SpanContext().IsSampled())
			assert.Equal(t, tt.sampled, len(f.exporter.Spans()) == 1)
			assert.Equal(t, tt.want, span.SpanContext().TraceState.String())
		})
	}
}

// TestTrustWithoutParent checks that TrustParent has no effect without a parent, so that the root sampler decides.
func TestTrustWithoutParent(t *testing.T) {
	yes := samplerFunc(func(trace.SamplingParameters) trace.SamplingResult { return trace.SamplingResult{Sampled: true} })
	for name, sampler := range map[string]trace.Sampler{"default": nil, "no root": trace.ParentBased(nil), "always": trace.ParentBased(trace.Always()), "other": trace.ParentBased(yes)} {
		f := newFixture(trace.Config{Sampler: sampler})
		_, span := f.Start(background, "root", trace.StartConfig{TrustParent: true})
		assert.True(t, span.SpanContext().IsSampled(), name)
		span.End()
	}
}

func TestOtMemberThatGrowsTooLong(t *testing.T) {
	long := "ot=x:" + strings.Repeat("y", 254)
	parent := remote(t, "00-ffffffffffffffffffffffffffffffff-b7ad6b7169203331-01", long, "a=1")
	result := trace.Ratio(0.5).Sample(trace.SamplingParameters{TraceID: parent.TraceID, Parent: parent, TrustParent: true})
	assert.True(t, result.Sampled)
	assert.Equal(t, "a=1", result.TraceState.String(), "rather nothing than half of it")
}

func TestSamplingParameters(t *testing.T) {
	var got []trace.SamplingParameters
	f := newFixture(trace.Config{Sampler: samplerFunc(func(p trace.SamplingParameters) trace.SamplingResult {
		got = append(got, p)
		return trace.SamplingResult{Sampled: true, TraceState: mustState(t, "mine=1")}
	})})
	parent := remote(t, "00-"+ids+"-01", "a=1")
	ctx, one := f.Start(background, "one", trace.StartConfig{Kind: trace.SpanKindServer, Parent: parent, TrustParent: true})
	_, child := trace.Start(ctx, "child")
	assert.Equal(t, "mine=1", child.SpanContext().TraceState.String())
	child.End()
	one.End()
	_, two := f.Start(background, "two", trace.StartConfig{Kind: trace.SpanKindClient})
	two.End()
	assert.Equal(t, []trace.SamplingParameters{
		{TraceID: parent.TraceID, Parent: parent, TrustParent: true, Name: "one", Kind: trace.SpanKindServer},
		{TraceID: two.SpanContext().TraceID, Name: "two", Kind: trace.SpanKindClient},
	}, got, "children are not asked about")
}

// If a Sampler returns Drop, nothing is recorded, even if a rule would keep the trace. Drop has no effect if the trace is
// sampled.
func TestSamplerThatDrops(t *testing.T) {
	for _, sampled := range []bool{false, true} {
		f := newFixture(trace.Config{Keep: trace.Keep{Errors: true}, Sampler: samplerFunc(func(trace.SamplingParameters) trace.SamplingResult {
			return trace.SamplingResult{Sampled: sampled, Drop: true}
		})})
		_, span := f.start("root")
		assert.Equal(t, sampled, span.IsRecording())
		assert.True(t, span.SpanContext().IsValid())
		span.SetStatus(trace.StatusError, "")
		span.End()
		if sampled {
			assert.Len(t, f.exporter.Spans(), 1)
		} else {
			assert.Equal(t, trace.Stats{SampledOutTraces: 1}, f.Stats())
		}
	}
}

func TestSamplerThatPanics(t *testing.T) {
	f := newFixture(trace.Config{Sampler: samplerFunc(func(trace.SamplingParameters) trace.SamplingResult { panic(errBoom) })})
	parent := remote(t, "00-"+ids+"-01", "a=1,ot=th:8;rv:00000000000001,b=2")
	for i, config := range []trace.StartConfig{{}, {Parent: parent}, {Parent: parent, TrustParent: true}} {
		ctx, span := f.Start(background, "root", config)
		assert.Equal(t, []string{"", "a=1,b=2", "a=1,b=2"}[i], span.SpanContext().TraceState.String(), "the vendors' members are passed on")
		assert.False(t, span.IsRecording())
		assert.True(t, span.SpanContext().IsValid())
		_, child := trace.Start(ctx, "child")
		child.End()
		span.End()
	}
	assert.Empty(t, f.exporter.Spans())
	const boom = "trace: panic in Sampler.Sample: boom"
	assert.Equal(t, []string{boom, boom, boom}, f.errors.all())
	assert.Equal(t, uint64(3), f.Stats().SampledOutTraces)
}

// TestSamplerThatPassesTheStateOn checks that a sampler may return the parent's trace state unseen: an untrusted parent's
// decision is not in it.
func TestSamplerThatPassesTheStateOn(t *testing.T) {
	f := newFixture(trace.Config{Sampler: samplerFunc(func(p trace.SamplingParameters) trace.SamplingResult {
		return trace.SamplingResult{Sampled: true, TraceState: p.Parent.TraceState}
	})})
	for trust, want := range map[bool]string{false: "a=1", true: "ot=th:8,a=1"} {
		_, span := f.Start(background, "root", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01", "ot=th:8,a=1"), TrustParent: trust})
		assert.Equal(t, want, span.SpanContext().TraceState.String())
		span.End()
	}
}

func TestUnsampledChildren(t *testing.T) {
	f := newFixture(trace.Config{Sampler: trace.Never()})
	ctx, root := f.start("root")
	below, child := trace.Start(ctx, "child")
	assert.Equal(t, root.SpanContext(), child.SpanContext())
	assert.True(t, child.SpanContext().IsValid())
	assert.Equal(t, ctx, below)
	useEverything(child)
	useEverything(root)
	assert.Empty(t, f.exporter.Spans())
	assert.Equal(t, trace.Stats{SampledOutTraces: 1}, f.Stats())
}
