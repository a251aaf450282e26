package trace

import (
	"context"
	"sync"
	"time"
)

// localTrace is the storage of one request's spans: the part of a trace that this process makes. It is used again for
// other requests; gen counts the uses, and a Span that belongs to an earlier one finds another number.
type localTrace struct {
	tp  *TracerProvider
	ctx context.Context // the root's; for the exporter

	mu      sync.Mutex
	gen     uint64
	spans   []SpanData // spans[0] is the root
	open    int        // spans that have not ended
	dropped int        // spans above Limits.Spans
	sampled bool       // the sampler's word at the start
	ended   bool       // the root has ended, and verdict holds
	verdict verdict

	epoch      time.Time // of the root; later times are its distance on the monotonic clock
	epochNanos int64

	handles []activeSpan // allocated and not yet used; each is used once

	batch Batch // handed to the exporter when nothing outlives the root
}

// maxKeptSpans is how much storage a provider holds on to: more than a large request needs, less than a runaway one took.
const maxKeptSpans = 256

// handlesAtOnce is how many handles are allocated together: a small request's. One handle keeps its neighbours, and the
// contexts they carry, from being collected, so it is not more.
const handlesAtOnce = 8

// handle returns a fresh handle. The caller holds mu, or is the only one to know t.
func (t *localTrace) handle(ctx context.Context, sc SpanContext) *activeSpan {
	if len(t.handles) == 0 {
		t.handles = make([]activeSpan, handlesAtOnce)
	}
	a := &t.handles[0]
	t.handles = t.handles[1:]
	a.Context = ctx
	a.span = Span{tp: t.tp, t: t, gen: t.gen, sc: sc}
	return a
}

func (t *localTrace) begin() {
	t.epoch = t.tp.now()
	t.epochNanos = max(t.epoch.UnixNano(), 1)
}

// now reads one clock where time.Now reads two, and never goes below the start of the trace.
func (t *localTrace) now() int64 {
	if t.tp.clock == nil {
		return t.epochNanos + max(int64(time.Since(t.epoch)), 0)
	}
	return t.epochNanos + max(int64(t.tp.clock().Sub(t.epoch)), 0)
}

// add begins a record and returns its place. The caller holds mu, or is the only one to know t.
func (t *localTrace) add(sc SpanContext, parent SpanID, parentRemote bool, name string, config *StartConfig) int {
	t.spans = extend(t.spans)
	d := &t.spans[len(t.spans)-1]
	d.SpanContext, d.ParentSpanID, d.ParentRemote = sc, parent, parentRemote
	d.Name, d.Kind, d.Scope = name, config.Kind, config.Scope
	if d.Kind == SpanKindUnspecified {
		d.Kind = SpanKindInternal
	}
	if !config.Time.IsZero() {
		d.Start = max(config.Time.UnixNano(), 1)
	} else if len(t.spans) == 1 {
		d.Start = t.epochNanos
	} else {
		d.Start = t.now()
	}
	limits := &t.tp.limits
	d.setAttributes(limits, config.Attributes)
	for i := range config.Links {
		d.addLink(limits, config.Links[i])
	}
	t.open++
	return len(t.spans) - 1
}

// end closes a record. It is called with mu held, and gives it back.
func (t *localTrace) end(s *Span, d *SpanData, at int64) {
	d.End = max(at, d.Start)
	t.open--
	root, last := s.idx == 0, t.open == 0
	if !root && !t.ended {
		t.mu.Unlock()
		return
	}

	// The trace goes out: whole with its root, or a span that has outlived it by itself. mu is held through the verdict,
	// since a span that ends meanwhile needs it.
	b := &t.batch
	switch {
	case root:
		if t.dropped > 0 {
			d.setAttributes(&t.tp.limits, []Attribute{Int("edgespan.dropped_spans", t.dropped)})
		}
		if last {
			b.Spans = t.spans
		} else {
			b = &Batch{Resource: t.tp.resource, Spans: t.closed()}
		}
		t.ended = true
		t.verdict = t.tp.decide(t, b)
	default:
		b = &Batch{Resource: t.tp.resource, Spans: []SpanData{*d}}
	}
	if last {
		t.gen++ // from here no handle reaches the records
	}
	v := t.verdict
	t.mu.Unlock()

	if v != drop {
		if v == keepByRule {
			countOnce(b)
		}
		t.tp.export(t.ctx, b)
	}
	if last {
		t.tp.release(t)
	}
}

// closed returns the spans that have ended, as they are now: the others go on, and their records with them.
func (t *localTrace) closed() []SpanData {
	ended := make([]SpanData, 0, len(t.spans)-t.open)
	for i := range t.spans {
		if t.spans[i].End != 0 {
			ended = append(ended, t.spans[i])
		}
	}
	return ended
}

// reset prepares t for another request.
func (t *localTrace) reset() {
	for i := range t.spans {
		t.spans[i].reset()
	}
	t.spans = t.spans[:0]
	t.ctx, t.open, t.dropped, t.sampled, t.ended, t.verdict = nil, 0, 0, false, false, drop
	t.batch.Spans = nil
}
