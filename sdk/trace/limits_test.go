package trace_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func numbered(n int) (attrs []trace.Attribute) {
	for i := range n {
		attrs = append(attrs, trace.Int("k"+strconv.Itoa(i), i))
	}
	return attrs
}

func TestLimits(t *testing.T) {
	link := trace.Link{SpanContext: remote(t, "00-"+ids+"-01")}
	type counts struct{ attributes, events, links, perEvent, perLink int }
	for _, tt := range []struct {
		name          string
		limits        trace.Limits
		kept, dropped counts // of 200 each
	}{
		{"default", trace.Limits{}, counts{128, 128, 128, 128, 128}, counts{72, 72, 72, 72, 72}},
		{"none", trace.Limits{Attributes: -1, Events: -1, Links: -1, AttributesPerEvent: -1, AttributesPerLink: -1},
			counts{200, 200, 200, 200, 200}, counts{}},
		{"one each", trace.Limits{Attributes: 1, Events: 1, Links: 1, AttributesPerEvent: 1, AttributesPerLink: 1},
			counts{1, 1, 1, 1, 1}, counts{199, 199, 199, 199, 199}},
		{"each its own", trace.Limits{Attributes: 10, Events: 20, Links: 30, AttributesPerEvent: 40, AttributesPerLink: 50},
			counts{10, 20, 30, 40, 50}, counts{190, 180, 170, 160, 150}},
		{"exactly so many", trace.Limits{Attributes: 200, Events: 200, Links: 200, AttributesPerEvent: 200, AttributesPerLink: 200},
			counts{200, 200, 200, 200, 200}, counts{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{Limits: tt.limits})
			check := func(t *testing.T) {
				d := f.only(t)
				f.exporter.Reset()
				assert.Equal(t, tt.kept, counts{len(d.Attributes), len(d.Events), len(d.Links), len(d.Events[0].Attributes), len(d.Links[0].Attributes)})
				assert.Equal(t, tt.dropped, counts{int(d.DroppedAttributes), int(d.DroppedEvents), int(d.DroppedLinks),
					int(d.Events[0].DroppedAttributes), int(d.Links[0].DroppedAttributes)})
				assert.Equal(t, numbered(tt.kept.attributes), d.Attributes, "the first stay")
				assert.Equal(t, "e0", d.Events[0].Name)
			}
			t.Run("one by one", func(t *testing.T) {
				_, span := f.start("root")
				for i, a := range numbered(200) {
					span.SetAttributes(a)
					span.AddEvent("e"+strconv.Itoa(i), numbered(200)...)
					link.Attributes = numbered(200)
					span.AddLink(link)
				}
				span.End()
				check(t)
			})
			t.Run("at once, in storage used before", func(t *testing.T) {
				links := make([]trace.Link, 200)
				for i := range links {
					links[i] = trace.Link{SpanContext: link.SpanContext, Attributes: numbered(200)}
				}
				_, span := f.Start(background, "root", trace.StartConfig{Attributes: numbered(200), Links: links})
				for i := range 200 {
					span.AddEvent("e"+strconv.Itoa(i), numbered(200)...)
				}
				span.End()
				check(t)
			})
			t.Run("nothing is left of it", func(t *testing.T) {
				_, span := f.start("root")
				span.AddEvent("e0")
				span.AddLink(trace.Link{SpanContext: link.SpanContext})
				span.End()
				d := f.only(t)
				assert.Empty(t, d.Attributes)
				assert.Equal(t, []trace.Event{{Name: "e0", Time: since(0)}}, d.Events)
				assert.Equal(t, []trace.Link{{SpanContext: link.SpanContext}}, d.Links)
				assert.Zero(t, d.DroppedAttributes+d.DroppedEvents+d.DroppedLinks)
				f.exporter.Reset()
			})
		})
	}
}

// TestAttributesAreAMap checks that attributes are those of an ordered map with the same limits, however they are set.
func TestAttributesAreAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, limits := range []trace.Limits{{}, {Attributes: 3}, {Attributes: -1}, {Attributes: 500}, {AttributeValueLength: 2}, {Attributes: 130, AttributeValueLength: 2}} {
		for range 200 {
			f := newFixture(trace.Config{Limits: limits})
			limit, length := limits.Attributes, limits.AttributeValueLength
			if limit == 0 {
				limit = 128
			}
			keys, largest := 1+r.IntN(400), 1+r.IntN(60)
			var want []trace.Attribute
			var dropped uint32
			some := func() (list []trace.Attribute) {
				for range r.IntN(largest) {
					key, value := strings.Repeat("k", r.IntN(3)), strconv.Itoa(r.IntN(1000))
					if key != "" {
						key += strconv.Itoa(r.IntN(keys))
					}
					list = append(list, trace.String(key, value))
					if length > 0 {
						value = value[:min(len(value), length)]
					}
					at := slices.IndexFunc(want, func(a trace.Attribute) bool { return a.Key == key })
					switch {
					case at >= 0:
						want[at] = trace.String(key, value)
					case key == "" || limit > 0 && len(want) >= limit:
						dropped++
					default:
						want = append(want, trace.String(key, value))
					}
				}
				return list
			}
			_, span := f.Start(background, "span", trace.StartConfig{Attributes: some()})
			for range r.IntN(12) {
				span.SetAttributes(some()...)
			}
			span.End()
			d := f.only(t)
			require.Len(t, d.Attributes, len(want))
			for i := range want {
				require.Equal(t, want[i], d.Attributes[i])
			}
			require.Equal(t, dropped, d.DroppedAttributes)
		}
	}
}

// TestCountsOfATraceReplace checks that the root's counts of its trace replace attributes with the same keys.
func TestCountsOfATraceReplace(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	_, child := trace.Start(ctx, "child")
	root.SetAttributes(trace.String("edgespan.open_spans", "mine"))
	root.End()
	assert.Equal(t, []trace.Attribute{trace.Int("edgespan.open_spans", 1)}, f.only(t).Attributes)
	child.End()
}

func TestLimitStillReplaces(t *testing.T) {
	f := newFixture(trace.Config{Limits: trace.Limits{Attributes: 2}})
	_, span := f.start("root")
	span.SetAttributes(trace.Int("a", 1), trace.Int("b", 1), trace.Int("c", 1), trace.Int("a", 2))
	span.SetAttributes(trace.Int("b", 2), trace.Int("c", 2), trace.Int("", 2))
	span.End()
	assert.Equal(t, []trace.Attribute{trace.Int("a", 2), trace.Int("b", 2)}, f.only(t).Attributes)
	assert.Equal(t, uint32(3), f.only(t).DroppedAttributes)
}

// TestOutcomeHasRoomOfItsOwn checks that attributes of SetOutcome are recorded on a span that is full, up to a limit, and so
// are the tracer's own counts.
func TestOutcomeHasRoomOfItsOwn(t *testing.T) {
	for _, limit := range []int{1, 5, 128, math.MaxInt, -1} {
		f := newFixture(trace.Config{Limits: trace.Limits{Attributes: limit, Spans: 1, AttributeValueLength: 3}})
		own := 200
		if 0 < limit && limit < own {
			own = limit
		}
		ctx, span := f.start("root")
		span.SetAttributes(numbered(200)...)
		span.SetOutcome(trace.String("error.type", "timeout"), trace.Int("k0", 7), trace.Int("", 1))
		span.SetAttributes(trace.Int("late", 1))
		span.SetOutcome(trace.String("error.type", "500"))
		for i := range 20 {
			span.SetOutcome(trace.Int("o"+strconv.Itoa(i), i))
		}
		trace.Start(ctx, "above the limit of spans")
		span.End()

		d := f.only(t)
		want := append([]trace.Attribute{trace.Int("k0", 7)}, numbered(own)[1:]...)
		want = append(want, trace.String("error.type", "500"))
		if own == 200 { // no limit
			want = append(want, trace.Int("late", 1))
		}
		for i := range 20 {
			if own == 200 || i < 15 {
				want = append(want, trace.Int("o"+strconv.Itoa(i), i))
			}
		}
		want = append(want, trace.Int("edgespan.dropped_spans", 1))
		require.Equal(t, want, d.Attributes, "%d", limit)
		dropped := 1 // the attribute without a key
		if own < 200 {
			dropped += 200 - own + 1 + 5 // late, and the last five of the outcome
		}
		require.EqualValues(t, dropped, d.DroppedAttributes, "%d", limit)
	}
}

// TestExceptionsHaveRoomOfTheirOwn checks that exceptions are recorded on a span that has too many events, up to a limit.
func TestExceptionsHaveRoomOfTheirOwn(t *testing.T) {
	for _, limit := range []int{1, 128, math.MaxInt, -1} {
		f := newFixture(trace.Config{Limits: trace.Limits{Events: limit}})
		own := 200
		if 0 < limit && limit < own {
			own = limit
		}
		_, span := f.start("root")
		for i := range 200 {
			span.AddEvent("e" + strconv.Itoa(i))
		}
		for i := range 20 {
			span.RecordError(errors.New("boom " + strconv.Itoa(i)))
			span.AddEvent("late")
		}
		span.End()

		d := f.only(t)
		if own == 200 { // no limit
			require.Len(t, d.Events, 240)
			require.Zero(t, d.DroppedEvents)
			continue
		}
		require.Len(t, d.Events, own+16)
		require.Equal(t, "e"+strconv.Itoa(own-1), d.Events[own-1].Name)
		for _, e := range d.Events[own:] {
			require.Equal(t, trace.ExceptionEvent, e.Name)
		}
		require.EqualValues(t, 200-own+20+4, d.DroppedEvents)
		require.Contains(t, d.Events[own+14].Attributes, trace.String("exception.message", "boom 14"))
		require.Contains(t, d.Events[own+15].Attributes, trace.String("exception.message", "boom 19"), "the last one: it may have ended the span")
	}
}

// TestLinkThatSaysNothingIsDropped checks that a link with an invalid span context is kept only if it has attributes or a trace
// state, https://opentelemetry.io/docs/specs/otel/trace/api/#link.
func TestLinkThatSaysNothingIsDropped(t *testing.T) {
	sc := remote(t, "00-"+ids+"-01", "a=1")
	ids := trace.SpanContext{TraceID: sc.TraceID, SpanID: sc.SpanID}
	kept := []trace.Link{
		{SpanContext: ids, DroppedAttributes: 2},
		{Attributes: numbered(1)},
		{SpanContext: trace.SpanContext{TraceState: sc.TraceState}},
		{SpanContext: trace.SpanContext{TraceID: sc.TraceID}, Attributes: numbered(2)},
		{SpanContext: trace.SpanContext{SpanID: sc.SpanID, Remote: true, TraceState: sc.TraceState}, Attributes: numbered(1), DroppedAttributes: 1},
	}
	dropped := []trace.Link{
		{}, {DroppedAttributes: 3}, {Attributes: []trace.Attribute{}},
		{SpanContext: trace.SpanContext{TraceID: sc.TraceID}}, {SpanContext: trace.SpanContext{SpanID: sc.SpanID, TraceFlags: 1, Remote: true}},
	}
	f := newFixture(trace.Config{})
	_, span := f.Start(background, "root", trace.StartConfig{Links: append(kept, dropped...)})
	for i := range kept {
		span.AddLink(dropped[i])
		span.AddLink(kept[i])
	}
	span.End()
	assert.Equal(t, append(kept, kept...), f.only(t).Links)
	assert.EqualValues(t, 2*len(dropped), f.only(t).DroppedLinks)
}

func TestSpanLimit(t *testing.T) {
	f := newFixture(trace.Config{Limits: trace.Limits{Spans: 3, Attributes: 1}})
	for range 2 { // the second trace uses the same storage
		ctx, root := f.Start(background, "root", trace.StartConfig{Attributes: numbered(1)})
		var last context.Context
		for range 5 {
			var child *trace.Span
			last, child = trace.Start(ctx, "child")
			child.SetAttributes(trace.Int("a", 1))
			child.End()
		}
		above := trace.SpanFromContext(last)
		assert.Equal(t, root.SpanContext(), above.SpanContext(), "others go on from the span above, which is there")
		assert.False(t, above.IsRecording())
		root.End()

		spans := f.exporter.Spans()
		require.Len(t, spans, 3)
		assert.Equal(t, []trace.Attribute{trace.Int("k0", 0), trace.Int("edgespan.dropped_spans", 3)}, spans[0].Attributes,
			"the count is there though the limit of attributes is reached")
		assert.Zero(t, spans[0].DroppedAttributes)
		f.exporter.Reset()
	}
	assert.Equal(t, trace.Stats{ExportedSpans: 6, DroppedSpans: 6}, f.Stats())
}

// TestSpanLimitCountsDescendants checks that descendants of a span above the limit are counted too.
func TestSpanLimitCountsDescendants(t *testing.T) {
	f := newFixture(trace.Config{Limits: trace.Limits{Spans: 1}})
	ctx, root := f.start("root")
	for range 10 {
		var span *trace.Span
		ctx, span = trace.Start(ctx, "deeper")
		defer span.End()
	}
	root.End()
	d := f.only(t)
	tail, _ := d.Attribute("edgespan.dropped_spans")
	assert.Equal(t, int64(10), tail.Int64())
	assert.Equal(t, uint64(10), f.Stats().DroppedSpans)

	// After the trace has been exported, dropped spans are counted only in the provider's Stats.
	_, other := f.start("other")
	_, late := trace.Start(ctx, "late")
	assert.False(t, late.IsRecording())
	other.End()
	assert.Empty(t, f.exporter.Spans()[1].Attributes)
	assert.Equal(t, uint64(11), f.Stats().DroppedSpans)
}

// TestSpanLimitWhileTheRootEnds is for the race detector. A child above the limit belongs to the same use of the storage as its
// parent, whatever happens to the storage meanwhile.
func TestSpanLimitWhileTheRootEnds(t *testing.T) {
	f := newFixture(trace.Config{Limits: trace.Limits{Spans: 1}})
	for range 100 {
		ctx, root := f.start("root")
		done := make(chan struct{})
		go func() {
			defer close(done)
			trace.Start(ctx, "above")
		}()
		root.End()
		<-done
	}
	assert.Len(t, f.exporter.Spans(), 100)
}

func TestTenThousandSpans(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	at := ctx
	for i := range 9_999 {
		var span *trace.Span
		at, span = trace.Start(at, "span", trace.Int("i", i))
		if i%100 == 0 {
			at = ctx
		}
		span.End()
	}
	root.End()
	batches := f.exporter.Batches()
	require.Len(t, batches, 1)
	require.Len(t, batches[0].Spans, 10_000)
	byID := map[trace.SpanID]bool{{}: true}
	for i, d := range batches[0].Spans {
		require.True(t, byID[d.ParentSpanID], "parents come first")
		byID[d.SpanContext.SpanID] = true
		if i > 0 {
			require.Equal(t, []trace.Attribute{trace.Int("i", i-1)}, d.Attributes)
		}
	}
	assert.Len(t, byID, 10_001)
}

func TestDefaultSpanLimit(t *testing.T) {
	count := 0
	f := newFixture(trace.Config{Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
		count += len(b.Spans)
		v, _ := b.Spans[0].Attribute("edgespan.dropped_spans")
		assert.Equal(t, int64(16), v.Int64())
		return nil
	})})
	ctx, root := f.start("root")
	for range 16_399 {
		_, span := trace.Start(ctx, "span")
		span.End()
	}
	root.End()
	assert.Equal(t, 16_384, count)
}
