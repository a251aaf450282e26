package trace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// fixedTraceID always makes the same trace id. Ratio(0.5) samples the trace id won, and not lost.
type fixedTraceID byte

func (id fixedTraceID) NewTraceID() trace.TraceID {
	return trace.TraceID{0: 1, 9: byte(id), 15: 1}
}
func (fixedTraceID) NewSpanID() trace.SpanID { return trace.SpanID{} } // a zero id is replaced by a random one

const won, lost fixedTraceID = 0xff, 0

func TestKeep(t *testing.T) {
	yes, no := func(*trace.Batch) bool { return true }, func(*trace.Batch) bool { return false }
	for _, tt := range []struct {
		name   string
		keep   trace.Keep
		status trace.StatusCode // of the child
		lasts  time.Duration
		want   bool
	}{
		{"error", trace.Keep{Errors: true}, trace.StatusError, 0, true},
		{"no error", trace.Keep{Errors: true}, trace.StatusOK, time.Hour, false},
		{"slower", trace.Keep{SlowerThan: time.Second}, 0, time.Second + 1, true},
		{"not slower", trace.Keep{SlowerThan: time.Second}, trace.StatusError, time.Second, false},
		{"a negative time is no rule", trace.Keep{SlowerThan: -1}, 0, time.Hour, false},
		{"predicate", trace.Keep{If: yes}, 0, 0, true},
		{"predicate says no", trace.Keep{If: no}, trace.StatusError, time.Hour, false},
		{"any rule: error", trace.Keep{Errors: true, SlowerThan: time.Second, If: no}, trace.StatusError, 0, true},
		{"any rule: slower", trace.Keep{Errors: true, SlowerThan: time.Second, If: no}, 0, time.Minute, true},
		{"any rule: predicate", trace.Keep{Errors: true, SlowerThan: time.Second, If: yes}, 0, 0, true},
		{"any rule: none", trace.Keep{Errors: true, SlowerThan: time.Second, If: no}, 0, 0, false},
		{"no rule", trace.Keep{}, trace.StatusError, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{Sampler: trace.Never(), Keep: tt.keep})
			ctx, root := f.start("root")
			assert.False(t, root.SpanContext().IsSampled())
			_, child := trace.Start(ctx, "child")
			child.SetStatus(tt.status, "")
			child.End()
			f.clock.Advance(tt.lasts)
			root.End()
			if tt.want {
				assert.Equal(t, []string{"root child"}, f.names())
				assert.False(t, f.exporter.Spans()[0].SpanContext.IsSampled(), "the flag stays as other processes got it")
				assert.Equal(t, trace.Stats{ExportedSpans: 2}, f.Stats())
			} else {
				assert.Empty(t, f.names())
				assert.Equal(t, trace.Stats{SampledOutTraces: 1}, f.Stats())
			}

			spans := []trace.SpanData{{Start: 1, End: 1 + int64(tt.lasts)}, {Start: 1, End: 1, Status: trace.Status{Code: tt.status}}}
			assert.Equal(t, tt.want, tt.keep.Matches(&trace.Batch{Spans: spans}))
			assert.False(t, tt.keep.Matches(new(trace.Batch)))
			assert.Equal(t, tt.name != "no rule" && tt.keep.SlowerThan >= 0, tt.keep.HasRules())
		})
	}
}

// TestKeepThreshold checks that a trace that a rule keeps stands for itself alone, and that one that the ratio keeps stands for
// 1/ratio traces.
func TestKeepThreshold(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ids   fixedTraceID
		fails bool
		want  string
	}{
		{"by the ratio", won, false, "ot=th:8"},
		{"by the rule, and by the ratio", won, true, "ot=th:0"},
		{"by the rule alone", lost, true, "ot=th:0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{IDs: tt.ids, Sampler: trace.ParentBased(trace.Ratio(0.5)), Keep: trace.Keep{Errors: true}})
			ctx, root := f.start("root")
			_, child := trace.Start(ctx, "child")
			_, late := trace.Start(ctx, "late")
			if tt.fails {
				child.SetStatus(trace.StatusError, "")
			}
			child.End()
			root.End()
			late.End()
			require.Equal(t, []string{"root child", "late"}, f.names())
			for _, d := range f.exporter.Spans() {
				assert.Equal(t, tt.want, d.SpanContext.TraceState.String(), d.Name)
			}
		})
	}
	f := newFixture(trace.Config{IDs: lost, Sampler: trace.Ratio(0.5), Keep: trace.Keep{Errors: true}})
	_, root := f.start("root")
	root.End()
	assert.Empty(t, f.names())

	// The randomness and other fields of ot are kept.
	f = newFixture(trace.Config{Sampler: trace.Ratio(0.5), Keep: trace.Keep{Errors: true}})
	_, root = f.Start(background, "root", trace.StartConfig{TrustParent: true, Parent: remote(t, "00-"+ids+"-01", "a=1,ot=th:1;rv:00000000000000;x:y")})
	root.SetStatus(trace.StatusError, "")
	root.End()
	d := f.only(t)
	assert.Equal(t, "ot=th:0;rv:00000000000000;x:y,a=1", d.SpanContext.TraceState.String())
}

// TestKeepThresholdOfOthers checks that a trace that a rule keeps stands for itself alone, whoever has sampled it before, and
// whatever the trace state says.
func TestKeepThresholdOfOthers(t *testing.T) {
	trusted := func(flags, state string) trace.StartConfig {
		return trace.StartConfig{TrustParent: true, Parent: remote(t, "00-"+ids+"-"+flags, state)}
	}
	third := samplerFunc(func(p trace.SamplingParameters) trace.SamplingResult {
		return trace.SamplingResult{Sampled: true, TraceState: mustState(t, "ot=th:5", p.Parent.TraceState.String())}
	})
	for _, tt := range []struct {
		name         string
		sampler      trace.Sampler
		config       trace.StartConfig
		kept, passed string // the state if a rule keeps the trace, and if none does; "-" for not exported
	}{
		{"a parent that was sampled by a ratio", nil, trusted("01", "ot=th:8,a=1"), "ot=th:0,a=1", "ot=th:8,a=1"},
		{"a parent that a ratio left out", nil, trusted("00", "a=1,ot=rv:00000000000001"), "ot=th:0;rv:00000000000001,a=1", "-"},
		{"a parent that was left out", nil, trusted("00", "a=1"), "ot=th:0,a=1", "-"},
		{"a parent that stands for one, as far as it says", nil, trusted("01", "a=1"), "a=1", "a=1"},
		{"never", trace.Never(), trace.StartConfig{}, "ot=th:0", "-"},
		{"always", trace.Always(), trace.StartConfig{}, "", ""},
		{"a sampler of one's own", third, trace.StartConfig{}, "ot=th:0", "ot=th:5"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, fails := range []bool{true, false} {
				f := newFixture(trace.Config{Sampler: tt.sampler, Keep: trace.Keep{Errors: true}})
				ctx, root := f.Start(background, "root", tt.config)
				_, child := trace.Start(ctx, "child")
				child.End()
				want := tt.passed
				if fails {
					root.SetStatus(trace.StatusError, "")
					want = tt.kept
				}
				root.End()
				if want == "-" {
					assert.Empty(t, f.names())
					continue
				}
				require.Equal(t, []string{"root child"}, f.names())
				for _, d := range f.exporter.Spans() {
					assert.Equal(t, want, d.SpanContext.TraceState.String(), d.Name)
				}
			}
		})
	}
}

// TestKeepByPointer checks that a *Keep works too. A nil pointer means no rules, and is reported.
func TestKeepByPointer(t *testing.T) {
	f := newFixture(trace.Config{Sampler: trace.Never(), Keep: &trace.Keep{SlowerThan: time.Second}})
	_, root := f.start("root")
	f.clock.Advance(time.Minute)
	root.End()
	assert.Equal(t, []string{"root"}, f.names())

	require.NotPanics(t, func() { f = newFixture(trace.Config{Sampler: trace.Never(), Keep: (*trace.Keep)(nil)}) })
	_, root = f.start("root")
	assert.False(t, root.IsRecording())
	root.End()
	require.Len(t, f.errors.all(), 1)
	assert.Contains(t, f.errors.all()[0], "trace: panic in Config.Keep: ")
}

// TestKeepPredicateThatTakesTheSpansAway checks that nothing is exported and nothing fails if the predicate removes the spans.
func TestKeepPredicateThatTakesTheSpansAway(t *testing.T) {
	f := newFixture(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{If: func(b *trace.Batch) bool { b.Spans = nil; return true }}})
	_, root := f.start("root")
	assert.NotPanics(t, root.End)
	assert.Empty(t, f.exporter.Spans())
}

// TestKeepIsAskedOnlyWhereItMatters checks that rules are not asked if the sampler has sampled the trace without a threshold,
// and that the predicate is asked last.
func TestKeepIsAskedOnlyWhereItMatters(t *testing.T) {
	trusted := trace.StartConfig{TrustParent: true, Parent: remote(t, "00-"+ids+"-01")}
	for _, tt := range []struct {
		name    string
		sampler trace.Sampler
		config  trace.StartConfig
		fails   bool
		asked   int
	}{
		{"always", trace.Always(), trace.StartConfig{}, false, 0},
		{"trusted parent", trace.ParentBased(trace.Never()), trusted, false, 0},
		{"never", trace.Never(), trace.StartConfig{}, false, 1},
		{"never, but an error", trace.Never(), trace.StartConfig{}, true, 0},
		{"ratio says yes", trace.Ratio(0.5), trace.StartConfig{}, false, 1},
		{"trusted parent's ratio says yes", nil, trace.StartConfig{TrustParent: true, Parent: remote(t, "00-"+ids+"-01", "ot=th:8")}, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked := 0
			f := newFixture(trace.Config{IDs: won, Sampler: tt.sampler, Keep: trace.Keep{Errors: true, If: func(b *trace.Batch) bool {
				asked++
				assert.Equal(t, "root", b.Spans[0].Name)
				assert.Len(t, b.Spans, 2, "the spans that have ended")
				assert.NotNil(t, b.Resource)
				return false
			}}})
			ctx, root := f.Start(background, "root", tt.config)
			_, child := trace.Start(ctx, "child")
			_, late := trace.Start(ctx, "late")
			if tt.fails {
				child.SetStatus(trace.StatusError, "")
			}
			child.End()
			root.End()
			late.End()
			assert.Equal(t, tt.asked, asked)
		})
	}
}

func TestKeepPredicateThatPanics(t *testing.T) {
	f := newFixture(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{If: func(*trace.Batch) bool { panic("bad rule") }}})
	_, root := f.start("root")
	root.End()
	assert.Equal(t, []string{"root"}, f.names(), "rather one too many")
	assert.Equal(t, []string{"trace: panic in Keep.If: bad rule"}, f.errors.all())
}

// TestKeepPredicateThatStartsSpans checks that no lock is held while the predicate is asked.
func TestKeepPredicateThatStartsSpans(t *testing.T) {
	var f *fixture
	var root *trace.Span
	depth := 0
	f = newFixture(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{If: func(*trace.Batch) bool {
		if depth++; depth == 1 {
			useEverything(root)
			_, inner := f.start("inner")
			inner.End()
		}
		return true
	}}})
	_, root = f.start("root")
	root.End()
	assert.Equal(t, []string{"inner", "root"}, f.names())
}
