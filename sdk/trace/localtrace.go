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
	users   int        // spans that have not ended, and exports under way: the records stay as long as there is one
	dropped int        // spans above Limits.Spans
	sampled bool       // the sampler's word at the start
	ended   bool       // the root has ended
	decided bool       // verdict holds
	verdict verdict
	late    []SpanData // ended between the root's end and the verdict

	epoch      time.Time // of the root; later times are its distance on the monotonic clock
	epochNanos int64

	handles []activeSpan // allocated and not yet used; each is used once

	batch Batch // handed to the exporter when nothing outlives the root
}

// handlesAtOnce is how many handles are allocated together: a small request's. One handle keeps its neighbours, and the
// contexts they carry, from being collected, so it is not more.
const handlesAtOnce = 8

// handle returns a fresh handle. The caller holds mu, or is the only one to know t.
func (t *localTrace) handle(ctx context.Context, sc *SpanContext, idx int) *activeSpan {
	if len(t.handles) == 0 {
		t.handles = make([]activeSpan, handlesAtOnce)
	}
	a := &t.handles[0]
	t.handles = t.handles[1:]
	a.Context = withoutSpan(ctx)
	a.span.tp, a.span.t, a.span.gen, a.span.idx, a.span.sc = t.tp, t, t.gen, idx, *sc
	return a
}

// begin takes the time of the root's start.
func (t *localTrace) begin() {
	if t.tp.clock != nil {
		t.epoch = t.tp.readClock()
	}
	if t.tp.clock == nil || t.epoch.IsZero() {
		t.epoch = time.Now()
	}
	t.epochNanos = max(t.epoch.UnixNano(), 1)
}

// nanos returns the time, never below the start of the trace: at as Config.Clock has told it, or now. That is one reading
// of the monotonic clock, where time.Now reads two clocks.
func (t *localTrace) nanos(at time.Time) int64 {
	var since time.Duration
	if t.tp.clock == nil {
		since = time.Since(t.epoch)
	} else {
		since = at.Sub(t.epoch)
	}
	if now := t.epochNanos + int64(since); since > 0 && now > t.epochNanos {
		return now
	}
	return t.epochNanos
}

// add begins a record. The caller holds mu, or is the only one to know t.
func (t *localTrace) add(sc *SpanContext, parent SpanID, parentRemote bool, name string, config *StartConfig, start int64) {
	t.spans = extend(t.spans)
	d := &t.spans[len(t.spans)-1]
	d.SpanContext, d.ParentSpanID, d.ParentRemote = *sc, parent, parentRemote
	d.Name, d.Kind, d.Scope = name, config.Kind.known(), config.Scope.clone()
	if !config.Time.IsZero() {
		start = max(config.Time.UnixNano(), 1)
	}
	d.Start = start
	t.users++
}

// describe is the rest of add, for what is told of the span at its start.
func (d *SpanData) describe(limits *Limits, config *StartConfig) {
	d.setAttributes(limits, config.Attributes)
	for i := range config.Links {
		d.addLink(limits, &config.Links[i])
	}
}

// closed returns the spans that have ended, as they are now: the others go on, and their records with them.
func (t *localTrace) closed() []SpanData {
	ended := make([]SpanData, 0, len(t.spans))
	for i := range t.spans {
		if t.spans[i].End != 0 {
			ended = append(ended, t.spans[i])
		}
	}
	return ended
}
