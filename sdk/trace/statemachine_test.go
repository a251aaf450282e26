package trace_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// modelSpan is what a span should become.
type modelSpan struct {
	ctx    context.Context
	span   *trace.Span
	local  *modelTrace
	parent *modelSpan
	data   trace.SpanData // without the times, which the test does not predict
	ended  int            // the step that ended it, or 0
	starts bool           // its start is given by the clock
	ends   bool           // its end is given by the clock
}

// modelTrace is a local trace.
type modelTrace struct {
	root    *modelSpan
	open    int // open spans, including the root
	dropped int
}

// end ends the root, which gets the counts of dropped and of open spans.
func (l *modelTrace) end() {
	if l.dropped > 0 {
		l.root.data.Attributes = append(l.root.data.Attributes, trace.Int("edgespan.dropped_spans", l.dropped))
	}
	if l.open > 0 {
		l.root.data.Attributes = append(l.root.data.Attributes, trace.Int("edgespan.open_spans", l.open))
	}
}

// FuzzSpans runs random operations on random spans, including spans of traces that were exported long ago, and the same
// operations on a model that is only a list. Every span must be exported exactly once, with what was set on it before its end,
// and nothing else.
func FuzzSpans(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 2, 0, 9, 1, 9, 0})
	f.Add([]byte{0, 0, 1, 0, 9, 0, 2, 1, 9, 1, 1, 0, 9, 2, 9, 2}) // a span that outlives its root
	f.Add([]byte{0, 0, 9, 0, 1, 0, 3, 0, 3, 1, 9, 1, 0, 0, 9, 0}) // a child of a trace that has been exported
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 0))
		ops := make([]byte, 20+random.IntN(400))
		for i := range ops {
			ops[i] = byte(random.Uint32())
		}
		f.Add(ops)
	}
	f.Fuzz(func(t *testing.T, ops []byte) {
		const maxSpans, maxAttributes = 6, 3 // of a local trace, and of a span
		ops = ops[:min(len(ops), 2000)]
		fx := newFixture(trace.Config{Limits: trace.Limits{Spans: maxSpans, Attributes: maxAttributes, Events: 2, Links: 1}})
		var spans []*modelSpan
		var dropped uint64
		seen := map[trace.SpanID]bool{}
		begin := func(ctx context.Context, span *trace.Span, parent *modelSpan, given bool) {
			sc := span.SpanContext()
			require.True(t, sc.IsValid())
			if parent != nil && sc.SpanID == parent.span.SpanContext().SpanID {
				require.False(t, span.IsRecording())
				require.Positive(t, parent.local.open, "only a local trace that has not gone has a limit")
				parent.local.dropped++
				dropped++
				return
			}
			require.False(t, seen[sc.SpanID])
			seen[sc.SpanID] = true
			require.True(t, span.IsRecording())
			m := &modelSpan{ctx: ctx, span: span, parent: parent, starts: !given, data: trace.SpanData{SpanContext: sc, Name: "name", Kind: trace.SpanKindInternal}}
			if parent != nil {
				require.Equal(t, parent.span.SpanContext().TraceID, sc.TraceID)
				m.data.ParentSpanID = parent.span.SpanContext().SpanID
				m.local = parent.local
			}
			if m.local == nil || m.local.open == 0 { // no trace, or one that has been exported
				m.local = &modelTrace{root: m}
			}
			m.local.open++
			spans = append(spans, m)
		}
		end := func(m *modelSpan, step int, given bool, at time.Time) {
			if given {
				m.span.EndAt(at)
			} else {
				m.span.End()
			}
			if m.ended == 0 {
				m.ended, m.ends = step, !given
				if m.local.open--; m.local.root == m {
					m.local.end()
				}
			}
			require.False(t, m.span.IsRecording())
		}
		for i := 0; i+1 < len(ops); i += 2 {
			fx.clock.Advance(time.Duration(ops[i]) * time.Microsecond)
			op, arg := ops[i]%12, ops[i+1]
			if op == 0 || len(spans) == 0 {
				ctx, span := fx.start("name")
				begin(ctx, span, nil, false)
				continue
			}
			m := spans[len(spans)-1-int(arg)%min(len(spans), 20)]
			attr := trace.Int(fmt.Sprint("k", arg%5), i)
			at := epoch.Add(time.Duration(arg) * time.Millisecond)
			open := m.ended == 0
			switch op {
			case 1, 2:
				ctx, span := trace.Start(m.ctx, "name")
				begin(ctx, span, m, false)
			case 3:
				ctx, span := trace.StartWith(m.ctx, "name", trace.StartConfig{Time: at})
				begin(ctx, span, m, true)
			case 4:
				set, limit := m.span.SetAttributes, maxAttributes
				if arg >= 64 {
					set, limit, attr = m.span.SetOutcome, maxAttributes+16, trace.Int(fmt.Sprint("k", arg%30), i)
				}
				set(attr)
				if open {
					m.set(attr, limit)
				}
			case 5:
				m.span.AddEvent("event", attr)
				if open {
					m.event(trace.Event{Name: "event", Attributes: []trace.Attribute{attr}})
				}
			case 6:
				m.span.AddEventAt(at, "event at")
				if open {
					m.event(trace.Event{Name: "event at"})
				}
			case 7:
				var link trace.Link
				if arg&1 == 0 {
					link.SpanContext = m.span.SpanContext()
				}
				if arg&2 == 0 {
					link.Attributes = []trace.Attribute{attr}
				}
				m.span.AddLink(link)
				switch {
				case !open:
				case len(m.data.Links) < 1 && arg&3 != 3: // otherwise the link is invalid and says nothing
					m.data.Links = append(m.data.Links, link)
				default:
					m.data.DroppedLinks++
				}
			case 8:
				m.span.SetStatus(trace.StatusError, attr.Key)
				m.span.SetName(attr.Key)
				if open {
					m.data.Status, m.data.Name = trace.Status{Code: trace.StatusError, Description: attr.Key}, attr.Key
				}
			case 9, 10:
				end(m, i+1, false, at)
			case 11:
				end(m, i+1, true, at)
			}
		}
		outlived := 0
		for _, m := range spans {
			if m.ended == 0 && m.local.root.ended != 0 {
				outlived++
			}
		}
		require.Equal(t, uint64(outlived), fx.Stats().OpenSpans)
		for _, m := range spans {
			end(m, len(ops)+1, false, time.Time{})
		}

		exported := map[trace.SpanID]*trace.SpanData{}
		for _, b := range fx.exporter.Batches() {
			require.LessOrEqual(t, len(b.Spans), maxSpans)
			for i := range b.Spans {
				d := &b.Spans[i]
				require.Nil(t, exported[d.SpanContext.SpanID], "exported twice")
				exported[d.SpanContext.SpanID] = d
				require.Equal(t, b.Spans[0].SpanContext.TraceID, d.SpanContext.TraceID)
			}
		}
		require.Len(t, exported, len(spans))
		require.Equal(t, trace.Stats{ExportedSpans: uint64(len(spans)), DroppedSpans: dropped}, fx.Stats())
		for _, m := range spans {
			d := exported[m.span.SpanContext().SpanID]
			require.NotNil(t, d)
			require.GreaterOrEqual(t, d.End, d.Start)
			if m.parent != nil && m.starts && m.parent.starts {
				p := exported[m.parent.span.SpanContext().SpanID]
				require.GreaterOrEqual(t, d.Start, p.Start)
				if m.ends && m.parent.ends && m.ended <= m.parent.ended {
					require.LessOrEqual(t, d.End, p.End)
				}
			}
			got := d.Clone()
			for i := range got.Events {
				require.GreaterOrEqual(t, got.Events[i].Time, d.Start)
				got.Events[i].Time = 0
			}
			got.Start, got.End = 0, 0
			require.Equal(t, m.data, got)
		}
	})
}

func (m *modelSpan) set(a trace.Attribute, limit int) {
	for i := range m.data.Attributes {
		if m.data.Attributes[i].Key == a.Key {
			m.data.Attributes[i] = a
			return
		}
	}
	if len(m.data.Attributes) >= limit {
		m.data.DroppedAttributes++
		return
	}
	m.data.Attributes = append(m.data.Attributes, a)
}

func (m *modelSpan) event(e trace.Event) {
	if len(m.data.Events) == 2 {
		m.data.DroppedEvents++
		return
	}
	m.data.Events = append(m.data.Events, e)
}
