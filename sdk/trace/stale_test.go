package trace_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// TestStaleHandles has many goroutines keep their spans beyond the end of the traces and go on to use them while the storage
// serves other traces. Every exported span has only the marks of its own trace.
func TestStaleHandles(t *testing.T) {
	const workers, traces = 8, 250
	var mu sync.Mutex
	exported := map[trace.SpanID]int{}
	f := newFixture(trace.Config{Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Spans {
			d := &b.Spans[i]
			exported[d.SpanContext.SpanID]++
			mark := d.SpanContext.TraceID.String()
			check := func(attrs []trace.Attribute) {
				for _, a := range attrs {
					if a.Key == "mark" && a.Value.Str() != mark {
						t.Errorf("span %s of trace %s has the mark of %s", d.Name, mark, a.Value.Str())
					}
				}
			}
			check(d.Attributes)
			for k := range d.Events {
				check(d.Events[k].Attributes)
			}
			for k := range d.Links {
				check(d.Links[k].Attributes)
			}
			if d.Status.Description != "" && d.Status.Description != mark {
				t.Errorf("status of %s in trace %s", d.Status.Description, mark)
			}
			if d.Name != mark && d.Name != "plain" {
				t.Errorf("name of %s in trace %s", d.Name, mark)
			}
		}
		return nil
	})})

	type handle struct {
		ctx  context.Context
		span *trace.Span
	}
	touch := func(random *rand.Rand, h handle) {
		mark := h.span.SpanContext().TraceID.String()
		attr := trace.String("mark", mark)
		switch random.IntN(8) {
		case 0:
			h.span.SetAttributes(attr)
		case 1:
			h.span.AddEvent("event", attr)
		case 2:
			h.span.AddLink(trace.Link{SpanContext: h.span.SpanContext(), Attributes: []trace.Attribute{attr}})
		case 3:
			h.span.SetStatus(trace.StatusError, mark)
		case 4:
			h.span.SetName(mark)
		case 5:
			h.span.RecordError(errBoom, attr)
		case 6:
			h.span.End()
		case 7:
			_, child := trace.Start(h.ctx, "plain", attr)
			child.End()
		}
	}
	var shared [workers]struct {
		sync.Mutex
		handle
	}
	started := make([]int, workers)
	concurrently(workers, func(worker int) {
		random := rand.New(rand.NewPCG(uint64(worker), 7))
		var kept []handle
		for range traces {
			ctx, root := f.start("plain")
			now := []handle{{ctx, root}}
			for range random.IntN(4) {
				below, child := trace.Start(now[random.IntN(len(now))].ctx, "plain")
				now = append(now, handle{below, child})
			}
			kept = append(kept, now...)
			started[worker] += len(now)
			for range 8 {
				touch(random, kept[max(0, len(kept)-1-random.IntN(30))])
				other := &shared[random.IntN(workers)]
				other.Lock()
				h := other.handle
				other.handle = kept[random.IntN(len(kept))]
				other.Unlock()
				if h.span != nil {
					touch(random, h)
				}
			}
			root.End()
		}
		for _, h := range kept {
			h.span.End()
			h.span.SetAttributes(trace.String("mark", "too late"))
		}
	})
	total := 0
	for _, n := range started {
		total += n
	}
	assert.GreaterOrEqual(t, len(exported), total)
	assert.Equal(t, uint64(len(exported)), f.Stats().ExportedSpans)
	for id, n := range exported {
		assert.Equal(t, 1, n, "span %s", id)
	}
}
