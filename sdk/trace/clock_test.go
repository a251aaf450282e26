package trace_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

var epoch = time.Unix(1_700_000_000, 0)

func TestGivenTimes(t *testing.T) {
	f := newFixture(trace.Config{})
	_, span := f.Start(background, "root", trace.StartConfig{Time: epoch.Add(time.Minute)})
	span.AddEventAt(epoch.Add(2*time.Minute), "in time")
	span.AddEventAt(epoch, "before the start")
	span.AddEventAt(time.Time{}, "at no time")
	span.AddEventAt(time.Unix(0, 0), "in 1970")
	span.AddEvent("now, which is before the start")
	span.EndAt(epoch.Add(3 * time.Minute))
	d := f.only(t)
	assert.Equal(t, since(time.Minute), d.Start)
	assert.Equal(t, since(3*time.Minute), d.End)
	var times []time.Duration
	for _, e := range d.Events {
		times = append(times, time.Duration(e.Time-d.Start))
	}
	assert.Equal(t, []time.Duration{time.Minute, 0, 0, 0, 0}, times)
}

func TestEndBeforeStart(t *testing.T) {
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(-1, 0), epoch.Add(-1), time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		f := newFixture(trace.Config{})
		_, span := f.start("root")
		span.EndAt(at)
		span.End()
		d := f.only(t)
		assert.Equal(t, since(0), d.Start)
		assert.GreaterOrEqual(t, d.End, d.Start, at)
	}
}

// TestTimesOutOfRange checks that a span starts after 1970 and does not end before its start, whatever times it is given.
func TestTimesOutOfRange(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.Unix(0, 1), time.Unix(-1, 0), time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		f := newFixture(trace.Config{Clock: func() time.Time { return at }})
		ctx, root := f.start("by the clock")
		_, child := trace.StartWith(ctx, "by itself", trace.StartConfig{Time: at})
		child.End()
		root.End()
		for _, d := range f.exporter.Spans() {
			assert.Positive(t, d.Start, at)
			assert.GreaterOrEqual(t, d.End, d.Start, at)
		}
		assert.Len(t, f.exporter.Spans(), 2)
	}
}

// TestClockThatIsNotMonotonic checks that no span of a trace starts before its root, and that none ends before its own start.
func TestClockThatIsNotMonotonic(t *testing.T) {
	for _, jump := range []time.Duration{-time.Nanosecond, -time.Hour, -100 * 365 * 24 * time.Hour, time.Hour, 250 * 365 * 24 * time.Hour} {
		f := newFixture(trace.Config{})
		ctx, root := f.start("root")
		f.clock.Advance(jump)
		_, child := trace.Start(ctx, "child")
		child.AddEvent("event")
		f.clock.Advance(-2 * jump)
		child.End()
		root.End()
		for _, d := range f.exporter.Spans() {
			assert.GreaterOrEqual(t, d.Start, since(0), jump)
			assert.GreaterOrEqual(t, d.End, d.Start, jump)
			for _, e := range d.Events {
				assert.GreaterOrEqual(t, e.Time, d.Start)
			}
		}
	}

	// The next trace starts at the clock's current time.
	f := newFixture(trace.Config{})
	f.clock.Set(epoch.Add(-time.Hour))
	_, span := f.start("root")
	span.End()
	d := f.only(t)
	assert.Equal(t, since(-time.Hour), d.Start)
}

// TestMonotonicClock checks that times within a trace are the distances that the clock shows, so that they nest.
func TestMonotonicClock(t *testing.T) {
	f := newFixture(trace.Config{})
	f.clock.SetStep(time.Millisecond)
	ctx, root := f.start("root")
	_, child := trace.Start(ctx, "child")
	child.AddEvent("event")
	child.End()
	root.End()
	spans := f.exporter.Spans()
	tracetest.AssertNested(t, spans)
	assert.Equal(t, since(0), spans[0].Start)
	assert.Equal(t, since(time.Millisecond), spans[1].Start)
	assert.Equal(t, since(2*time.Millisecond), spans[1].Events[0].Time)
	assert.Equal(t, since(3*time.Millisecond), spans[1].End)
	assert.Equal(t, since(4*time.Millisecond), spans[0].End)
}

func TestClockThatPanics(t *testing.T) {
	var panics bool
	f := newFixture(trace.Config{Clock: func() time.Time {
		if panics {
			panic("no time")
		}
		return epoch
	}})
	for _, when := range []func(step int) bool{
		func(int) bool { return true },
		func(step int) bool { return step == 0 },
		func(step int) bool { return step > 0 },
		func(step int) bool { return step == 2 },
	} {
		panics = when(0)
		ctx, root := f.start("root")
		panics = when(1)
		_, child := trace.Start(ctx, "child")
		panics = when(2)
		child.AddEvent("event")
		panics = when(3)
		child.End()
		panics = when(4)
		root.End()
		spans := f.exporter.Spans()
		assert.Len(t, spans, 2)
		tracetest.AssertNested(t, spans)
		assert.GreaterOrEqual(t, spans[0].Start, epoch.UnixNano())
		f.exporter.Reset()
	}
	errs := f.errors.all()
	assert.Len(t, errs, 5+1+4+1)
	assert.Equal(t, "trace: panic in Config.Clock: no time", errs[0])
}

// TestDefaultClock checks that times are those of the computer's clock, except for the tenth of a second that it may take to
// notice that the clock was set.
func TestDefaultClock(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	for range 3 {
		before := time.Now().Round(0)
		ctx, root := tp.Start(background, "root", trace.StartConfig{})
		_, child := trace.Start(ctx, "child")
		time.Sleep(time.Millisecond)
		child.End()
		root.End()
		after := time.Now().Round(0)
		spans := exporter.Spans()
		exporter.Reset()
		tracetest.AssertNested(t, spans)
		const slack = 10 * time.Second
		assert.WithinRange(t, time.Unix(0, spans[0].Start), before.Add(-slack), after.Add(slack))
		assert.GreaterOrEqual(t, spans[1].End-spans[1].Start, int64(time.Millisecond))
	}
}

func TestZeroTimes(t *testing.T) {
	f := newFixture(trace.Config{})
	_, span := f.start("root")
	f.clock.Advance(time.Second)
	span.AddEventAt(time.Time{}, "event", trace.Int("a", 1))
	f.clock.Advance(time.Second)
	span.EndAt(time.Time{})
	d := f.only(t)
	assert.Equal(t, since(time.Second), d.Events[0].Time, "the zero time is no time: it happens now")
	assert.Equal(t, []trace.Attribute{trace.Int("a", 1)}, d.Events[0].Attributes)
	assert.Equal(t, since(2*time.Second), d.End)
}

// TestGivenTimesOutOfRange checks that times that nanoseconds cannot hold become the first or the last that they can.
func TestGivenTimesOutOfRange(t *testing.T) {
	year := func(n int) time.Time { return time.Date(n, 7, 1, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		at   time.Time
		want int64
	}{
		{year(-1), 1}, {year(1500), 1}, {year(1969), 1}, {time.Unix(0, 0), 1}, {time.Unix(0, 5), 5}, {year(2261), year(2261).UnixNano()},
		{year(2262), math.MaxInt64}, {year(2263), math.MaxInt64}, {year(9999), math.MaxInt64},
	} {
		f := newFixture(trace.Config{})
		_, span := f.Start(context.Background(), "span", trace.StartConfig{Time: tt.at})
		span.AddEventAt(tt.at, "event")
		span.EndAt(tt.at)
		d := f.only(t)
		assert.Equal(t, [...]int64{tt.want, tt.want, tt.want}, [...]int64{d.Start, d.Events[0].Time, d.End}, tt.at)
	}
}
