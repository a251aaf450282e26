package trace

import (
	"sync"
	"sync/atomic"
)

// storage keeps localTraces for use again.
type storage struct {
	spare atomic.Pointer[localTrace] // the one used last; one request at a time never goes further
	mu    sync.Mutex
	free  []*localTrace
}

// What a provider holds on to: more than large requests need, less than a runaway one took.
const (
	maxFree           = 16  // local traces, beside the spare one
	maxKeptSpans      = 256 // of a local trace
	maxKeptAttributes = 32  // of a span, an event or a link
	maxKeptEvents     = 16  // of a span; links too
)

func (tp *TracerProvider) acquire() *localTrace {
	if t := tp.storage.spare.Swap(nil); t != nil {
		return t
	}
	if t := tp.storage.take(); t != nil {
		return t
	}
	return &localTrace{tp: tp, batch: Batch{Resource: tp.resource}, ids: newSpanIDs()}
}

// release takes back the storage of a trace that no handle reaches any more.
func (tp *TracerProvider) release(t *localTrace) {
	t.reset()
	if !tp.storage.spare.CompareAndSwap(nil, t) {
		tp.storage.put(t)
	}
}

func (s *storage) take() *localTrace {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.free)
	if n == 0 {
		return nil
	}
	t := s.free[n-1]
	s.free = s.free[:n-1]
	return t
}

func (s *storage) put(t *localTrace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) < maxFree {
		s.free = append(s.free, t)
	}
}

// reset forgets the request that t has served.
func (t *localTrace) reset() {
	if cap(t.spans) > maxKeptSpans {
		t.spans = nil
	}
	for i := range t.spans {
		t.spans[i].reset()
	}
	t.spans, t.batch.Spans = t.spans[:0], nil
	t.ctx, t.users, t.dropped = nil, 0, 0
	t.result, t.ended, t.decided, t.verdict = SamplingResult{}, false, false, drop
}

// reset forgets what a use of the record has left, but for the capacity of the slices and what localTrace.add sets anew.
func (d *SpanData) reset() {
	d.Attributes = emptied(d.Attributes)
	if len(d.Events) > 0 {
		d.resetEvents()
	}
	if len(d.Links) > 0 {
		d.resetLinks()
	}
	d.DroppedAttributes, d.DroppedEvents, d.DroppedLinks = 0, 0, 0
	d.Status, d.End = Status{}, 0
}

func (d *SpanData) resetEvents() {
	if cap(d.Events) > maxKeptEvents {
		d.Events = nil
	}
	for i := range d.Events {
		e := &d.Events[i]
		*e = Event{Attributes: emptied(e.Attributes)}
	}
	d.Events = d.Events[:0]
}

func (d *SpanData) resetLinks() {
	if cap(d.Links) > maxKeptEvents {
		d.Links = nil
	}
	for i := range d.Links {
		k := &d.Links[i]
		*k = Link{Attributes: emptied(k.Attributes)}
	}
	d.Links = d.Links[:0]
}

func emptied(attrs []Attribute) []Attribute {
	if cap(attrs) > maxKeptAttributes {
		return nil
	}
	clear(attrs)
	return attrs[:0]
}

// extend lengthens s by one element, which keeps what its slices have allocated before.
func extend[T any](s []T) []T {
	if len(s) < cap(s) {
		return s[:len(s)+1]
	}
	var zero T
	return append(s, zero)
}
