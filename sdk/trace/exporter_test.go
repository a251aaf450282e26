package trace_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestExporterThatFails(t *testing.T) {
	for name, tt := range map[string]struct {
		export exporterFunc
		want   string
	}{
		"error":         {func(context.Context, *trace.Batch) error { return errBoom }, "boom"},
		"panic":         {func(context.Context, *trace.Batch) error { panic(errBoom) }, "trace: panic in Exporter.Export: boom"},
		"odd panic":     {func(context.Context, *trace.Batch) error { panic([]int{1}) }, "trace: panic in Exporter.Export: []int"},
		"panicky panic": {func(context.Context, *trace.Batch) error { panic(panicky{}) }, "trace: panic in Exporter.Export: trace_test.panicky"},
		"nil pointer":   {func(context.Context, *trace.Batch) error { var e *touchy; return errors.New(e.text) }, "trace: panic in Exporter.Export: runtime error: invalid memory address or nil pointer dereference"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(trace.Config{Exporter: tt.export})
			for range 3 {
				ctx, root := f.start("root")
				_, late := trace.Start(ctx, "late")
				assert.NotPanics(t, root.End)
				assert.NotPanics(t, late.End)
			}
			assert.Equal(t, []string{tt.want, tt.want, tt.want, tt.want, tt.want, tt.want}, f.errors.all())
			assert.Equal(t, trace.Stats{ExportedSpans: 6, ExportErrors: 6}, f.Stats())
		})
	}
}

// TestExporterThatChangesWhatItGets checks that an exporter's changes do not show in later traces that use the same storage.
func TestExporterThatChangesWhatItGets(t *testing.T) {
	kept := tracetest.NewExporter()
	calls := 0
	f := newFixture(trace.Config{Exporter: exporterFunc(func(ctx context.Context, b *trace.Batch) error {
		if calls++; calls%2 == 0 {
			return kept.Export(ctx, b)
		}
		for i := range b.Spans {
			s := &b.Spans[i]
			s.Attributes = slices.DeleteFunc(s.Attributes, func(a trace.Attribute) bool { return a.Key == "a" })
			s.Attributes = append(s.Attributes[:len(s.Attributes):len(s.Attributes)], trace.Int("mine", i))
			s.Events, s.Links, s.Name = s.Events[:0], nil, "changed"
		}
		slices.Reverse(b.Spans)
		b.Spans = b.Spans[:1]
		return nil
	})})
	for range 6 {
		ctx, root := f.start("root")
		root.SetAttributes(trace.Int("a", 1), trace.Int("b", 2))
		_, child := trace.Start(ctx, "child", trace.Int("a", 3))
		child.AddEvent("e", trace.Int("a", 4))
		child.End()
		root.End()
	}
	assert.Equal(t, 6, calls)
	for _, b := range kept.Batches() {
		assert.Equal(t, `
root [internal]
    a=1
    b=2
  child [internal]
      a=3
      event e a=4
`, "\n"+tracetest.Tree(b.Spans))
	}
	assert.Equal(t, trace.Stats{ExportedSpans: 12}, f.Stats())
	assert.Empty(t, f.errors.all())
}

// TestExporterThatMoves checks that the next trace from the same storage is complete, whatever an exporter moves, doubles or
// cuts off.
func TestExporterThatMoves(t *testing.T) {
	request := func(f *fixture, i int) {
		ctx, span := f.start("root")
		spans := []*trace.Span{span}
		for range 2 + i%2 {
			_, span = trace.Start(ctx, "child")
			spans = append(spans, span)
		}
		for k, span := range spans {
			span.SetAttributes(trace.Int("k", k), trace.Int("i"+strconv.Itoa(i), i))
			for n := range 2 {
				span.AddEvent("e", trace.Int("k", k), trace.Int("n", n), trace.Int("i"+strconv.Itoa(i), i))
			}
		}
		for _, span := range slices.Backward(spans) {
			span.End()
		}
	}
	for name, change := range map[string]func(b *trace.Batch){
		"no change":         func(*trace.Batch) {},
		"spans moved up":    func(b *trace.Batch) { b.Spans = append(b.Spans[:0], b.Spans[1:]...) },
		"a span more":       func(b *trace.Batch) { b.Spans = append(b.Spans, b.Spans[0]) },
		"events moved up":   func(b *trace.Batch) { d := &b.Spans[1]; d.Events = append(d.Events[:0], d.Events[1:]...) },
		"events cut off":    func(b *trace.Batch) { b.Spans[1].Events = b.Spans[1].Events[:0] },
		"events shared":     func(b *trace.Batch) { b.Spans[1].Events = b.Spans[0].Events },
		"attributes shared": func(b *trace.Batch) { b.Spans[1].Attributes = b.Spans[0].Attributes },
		"events split between two": func(b *trace.Batch) {
			root, child := &b.Spans[0], &b.Spans[1]
			child.Events, root.Events = root.Events[1:], root.Events[:1]
		},
		"an event shared": func(b *trace.Batch) { b.Spans[1].Events[0] = b.Spans[0].Events[0] },
	} {
		t.Run(name, func(t *testing.T) {
			kept, calls := tracetest.NewExporter(), 0
			f := newFixture(trace.Config{Exporter: exporterFunc(func(ctx context.Context, b *trace.Batch) error {
				if calls++; calls%2 == 0 {
					return kept.Export(ctx, b)
				}
				change(b)
				return nil
			})})
			untouched := newFixture(trace.Config{})
			for i := range 6 {
				request(f, i)
				if i%2 == 1 {
					request(untouched, i)
				}
			}
			assert.Equal(t, tracetest.Tree(untouched.exporter.Spans()), tracetest.Tree(kept.Spans()))
		})
	}
}

// TestExporterThatSplitsAList has an exporter give the child a part of the root's list of attributes. At the next use, each has
// a list of its own again.
func TestExporterThatSplitsAList(t *testing.T) {
	kept, calls := tracetest.NewExporter(), 0
	f := newFixture(trace.Config{Exporter: exporterFunc(func(ctx context.Context, b *trace.Batch) error {
		if calls++; calls == 1 {
			root, child := &b.Spans[0], &b.Spans[1]
			root.Attributes, child.Attributes = root.Attributes[:2], root.Attributes[2:]
		}
		return kept.Export(ctx, b)
	})})
	for range 2 {
		kept.Reset()
		ctx, root := f.start("root")
		_, child := trace.Start(ctx, "child")
		child.SetAttributes(trace.String("x", "child"), trace.String("y", "child"))
		root.SetAttributes(trace.Int("a", 1), trace.Int("b", 2), trace.String("secret", "root"), trace.Int("d", 4))
		child.End()
		root.End()
	}
	child := tracetest.Named(kept.Spans(), "child")[0]
	assert.Equal(t, []trace.Attribute{trace.String("x", "child"), trace.String("y", "child")}, child.Attributes)
}

// TestExporterWithAListOfItsOwn has an exporter put a list of its own on spans, from several goroutines. The provider neither
// writes to the list nor uses it again.
func TestExporterWithAListOfItsOwn(t *testing.T) {
	attrs, events := []trace.Attribute{trace.String("tenant", "acme")}, []trace.Event{{Name: "mine"}}
	f := newFixture(trace.Config{Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
		for i := range b.Spans {
			b.Spans[i].Attributes, b.Spans[i].Events = attrs, events
		}
		return nil
	})})
	concurrently(4, func(int) {
		for range 200 {
			_, root := f.start("root")
			root.SetAttributes(trace.String("other", "value"))
			root.AddEvent("other")
			root.End()
		}
	})
	assert.Equal(t, []trace.Attribute{trace.String("tenant", "acme")}, attrs)
	assert.Equal(t, []trace.Event{{Name: "mine"}}, events)
}

// TestExporterThatTraces checks that Export may start spans, change the spans that it is given, and end others.
func TestExporterThatTraces(t *testing.T) {
	var f *fixture
	var ctx context.Context
	var root *trace.Span
	kept := tracetest.NewExporter()
	depth := 0
	f = newFixture(trace.Config{Exporter: exporterFunc(func(exportCtx context.Context, b *trace.Batch) error {
		assert.NoError(t, kept.Export(exportCtx, b))
		if depth++; depth > 3 {
			return nil
		}
		useEverything(root)
		_, none := trace.Start(exportCtx, "none")
		assert.Nil(t, none, "the exporter's context carries no span")
		_, inner := f.Start(exportCtx, "inner", trace.StartConfig{})
		inner.End()
		_, after := trace.Start(ctx, "after")
		after.End()
		return nil
	})})
	ctx, root = f.start("root")
	root.End()
	assert.Len(t, tracetest.Named(kept.Spans(), "root"), 1)
	assert.Len(t, tracetest.Named(kept.Spans(), "inner"), 3)
	assert.Len(t, tracetest.Named(kept.Spans(), "after"), 3)
}

func TestExportContext(t *testing.T) {
	type key struct{}
	var got context.Context
	f := newFixture(trace.Config{Exporter: exporterFunc(func(ctx context.Context, _ *trace.Batch) error {
		got = ctx
		return nil
	})})
	ctx, cancel := context.WithCancel(context.WithValue(background, key{}, "value"))
	_, root := f.Start(ctx, "root", trace.StartConfig{})
	cancel()
	root.End()
	assert.Equal(t, "value", got.Value(key{}))
	assert.ErrorIs(t, got.Err(), context.Canceled)
	assert.Nil(t, trace.SpanFromContext(got))

	// If the root is below a span, its context carries no span either, and there always is a context.
	ctx, outer := f.start("outer")
	for _, ctx := range []context.Context{ctx, nil} {
		got = nil
		_, root = f.StartRoot(ctx, "root", &trace.RootConfig{})
		root.End()
		if assert.NotNil(t, got) {
			assert.Nil(t, trace.SpanFromContext(got))
			assert.NoError(t, got.Err())
		}
	}
	outer.End()
}

type flusher struct {
	exporterFunc
	flush func(ctx context.Context) error
}

func (f flusher) Flush(ctx context.Context) error { return f.flush(ctx) }

func TestFlush(t *testing.T) {
	f := newFixture(trace.Config{})
	assert.NoError(t, f.Flush(background), "an exporter that holds nothing back")

	type key struct{}
	ctx := context.WithValue(background, key{}, 1)
	var got context.Context
	f = newFixture(trace.Config{Exporter: flusher{discard, func(ctx context.Context) error { got = ctx; return errBoom }}})
	assert.Same(t, errBoom, f.Flush(ctx))
	assert.Equal(t, ctx, got)

	f = newFixture(trace.Config{Exporter: flusher{discard, func(context.Context) error { panic("clogged") }}})
	assert.EqualError(t, f.Flush(ctx), "trace: panic in Exporter.Flush: clogged")
	assert.Empty(t, f.errors.all(), "the caller of Flush gets the error")
}

type shutdowner struct{ flusher }

func (s shutdowner) Shutdown(ctx context.Context) error { return s.flush(ctx) }

func TestShutdown(t *testing.T) {
	f := newFixture(trace.Config{})
	assert.NoError(t, f.Shutdown(background), "an exporter that holds nothing back")

	var got context.Context
	keep := flusher{discard, func(ctx context.Context) error { got = ctx; return errBoom }}
	for name, exporter := range map[string]trace.Exporter{"flushed": keep, "shut down": shutdowner{keep}} {
		type key struct{}
		ctx := context.WithValue(background, key{}, name)
		assert.Same(t, errBoom, newFixture(trace.Config{Exporter: exporter}).Shutdown(ctx), name)
		assert.Equal(t, ctx, got, name)
	}

	clogged := func(context.Context) error { panic("clogged") }
	f = newFixture(trace.Config{Exporter: shutdowner{flusher{discard, clogged}}})
	assert.EqualError(t, f.Shutdown(background), "trace: panic in Exporter.Shutdown: clogged")
	f = newFixture(trace.Config{Exporter: flusher{discard, clogged}})
	assert.EqualError(t, f.Shutdown(background), "trace: panic in Exporter.Flush: clogged")
}

type dueFlusher struct{ flusher }

func (f dueFlusher) FlushDue(ctx context.Context) error { return f.flush(ctx) }

func TestFlushDue(t *testing.T) {
	assert.NoError(t, (*trace.TracerProvider)(nil).FlushDue(background))
	f := newFixture(trace.Config{Exporter: flusher{discard, func(context.Context) error { return errBoom }}})
	assert.NoError(t, f.FlushDue(background), "an exporter that does not look at the clock")
	f = newFixture(trace.Config{Exporter: dueFlusher{flusher{discard, func(context.Context) error { return errBoom }}}})
	assert.Same(t, errBoom, f.FlushDue(background))
	f = newFixture(trace.Config{Exporter: dueFlusher{flusher{discard, func(context.Context) error { panic("clogged") }}}})
	assert.EqualError(t, f.FlushDue(background), "trace: panic in Exporter.FlushDue: clogged")
}

func TestStats(t *testing.T) {
	f := newFixture(trace.Config{IDs: lost, Sampler: trace.Ratio(0.5), Keep: trace.Keep{Errors: true}, Limits: trace.Limits{Spans: 2}})
	for i := range 10 {
		ctx, root := f.start("root")
		for range 3 {
			_, child := trace.Start(ctx, "child")
			child.End()
		}
		if i%2 == 0 {
			root.SetStatus(trace.StatusError, "")
		}
		root.End()
	}
	assert.Equal(t, trace.Stats{ExportedSpans: 10, DroppedSpans: 20, SampledOutTraces: 5}, f.Stats())
}

func TestOnErrorThatPanics(t *testing.T) {
	reports := 0
	f := newFixture(trace.Config{
		Exporter: exporterFunc(func(context.Context, *trace.Batch) error { return errBoom }),
		OnError:  func(error) { reports++; panic("no ears") },
	})
	for range 2 {
		_, root := f.start("root")
		assert.NotPanics(t, root.End)
	}
	assert.NotPanics(t, func() { f.ReportError(errors.New("x")) })
	f.ReportError(nil)
	assert.Equal(t, 3, reports)
}
