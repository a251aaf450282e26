package traces

import (
	"slices"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Limits bound what a Store keeps. Zero means the default.
type Limits struct {
	Traces        int // 1,000. If Chosen is set: 1,000 chosen ones, and as many that may still be chosen
	Spans         int // 100,000, in all traces
	SpansPerTrace int // 50,000
	Bytes         int // 128 MiB, roughly
}

func (l Limits) orDefault() Limits {
	set := func(v *int, standard int) {
		if *v <= 0 {
			*v = standard
		}
	}
	set(&l.Traces, 1000)
	set(&l.Spans, 100_000)
	set(&l.SpansPerTrace, 50_000)
	set(&l.Bytes, 128<<20)
	return l
}

// logsPerTrace is how many log records a trace keeps.
const logsPerTrace = 10_000

// Store joins spans to traces, and keeps the traces that were touched last. Only one goroutine may use it at a time.
type Store struct {
	// Chosen tells which traces to keep in preference to others. It is asked when there is no more room. It may be nil.
	Chosen func(*Trace) bool
	// Evicted is called with a trace that is dropped because of the limits. It may be nil.
	Evicted func(*Trace)
	// Now is time.Now unless it is set.
	Now func() time.Time

	limits   Limits
	traces   map[key]*Trace
	recent   shelf
	chosen   shelf   // chosen by Chosen; all of them are untouched for longer than the recent ones
	past     history // ids of traces that are gone
	resource *trace.Resource
	unnamed  int
	round    int // counts the calls of Add
}

// key is a trace's id, or a number for spans without one.
type key struct {
	id trace.TraceID
	n  int
}

// NewStore returns an empty Store.
func NewStore(limits Limits) *Store {
	return &Store{
		limits: limits.orDefault(),
		traces: map[key]*Trace{},
		past:   history{known: map[trace.TraceID]bool{}},
		Now:    time.Now,
	}
}

// Add adds the record of a line. raw is the line if it is to be kept with its traces, otherwise nil. It returns the traces that
// were touched, in the order of the line. They belong to the store.
func (s *Store) Add(r lines.Record, raw *Line) []*Trace {
	var touched []*Trace
	s.round++
	touch := func(k key) *Trace {
		t := s.open(k)
		if t.round != s.round {
			t.round = s.round
			touched = append(touched, t)
			if raw != nil {
				t.Raw = append(t.Raw, raw)
				s.weigh(t, len(raw.Text))
			}
		}
		return t
	}
	for i := range r.Batches {
		b := &r.Batches[i]
		resource := s.shared(b.Resource)
		s.unnamed++
		var t *Trace
		for j := range b.Spans {
			d := &b.Spans[j]
			k := key{id: d.SpanContext.TraceID}
			if !k.id.IsValid() {
				k.n = s.unnamed
			}
			if t == nil || t.key != k { // usually a line is one trace
				t = touch(k)
			}
			s.addSpan(t, &Span{SpanData: *d, Resource: resource})
		}
	}
	for _, l := range r.Logs {
		s.addLog(touch(key{id: l.TraceID}), l)
	}
	for _, t := range touched {
		if len(t.Raw) > 0 && t.bytes > s.limits.Bytes/2 { // no line may be dropped, so the trace goes as it is
			s.evict(t)
		}
	}
	s.shrink()
	return touched
}

// open returns the trace with that key, and marks it as the last touched.
func (s *Store) open(k key) *Trace {
	t, ok := s.traces[k]
	if ok {
		t.shelf.take(t)
	} else {
		t = &Trace{ID: k.id, key: k, bytes: 200, seen: map[trace.SpanID]*Span{}, Continued: s.past.known[k.id]}
		s.traces[k] = t
	}
	t.touched = s.Now()
	s.recent.put(t)
	return t
}

func (s *Store) addSpan(t *Trace, span *Span) {
	if len(t.Spans) >= s.limits.SpansPerTrace || t.bytes > s.limits.Bytes/2 {
		t.Dropped++
		return
	}
	if t.add(span) {
		t.shelf.spans++
		s.weigh(t, span.size())
	}
}

func (s *Store) addLog(t *Trace, l lines.Log) {
	if len(t.Logs) >= logsPerTrace || t.bytes > s.limits.Bytes/2 {
		t.Dropped++
		return
	}
	t.Logs = append(t.Logs, l)
	s.weigh(t, 200+len(l.Body)+sizeOf(l.Attributes))
}

func (s *Store) weigh(t *Trace, bytes int) {
	t.bytes += bytes
	t.shelf.bytes += bytes
}

// shared returns the last resource if it is equal to r, since all lines of a service repeat it.
func (s *Store) shared(r *trace.Resource) *trace.Resource {
	if s.resource == nil || r == nil || !slices.Equal(s.resource.Attributes, r.Attributes) {
		s.resource = r
	}
	return s.resource
}

// shrink makes room. One trace always fits, because of its own limits. Chosen traces stay as long as others can be dropped. But
// they are sure of only half of the spans and bytes, because a trace that is not chosen yet may still get lines.
func (s *Store) shrink() {
	for {
		full := s.recent.spans+s.chosen.spans > s.limits.Spans || s.recent.bytes+s.chosen.bytes > s.limits.Bytes
		large := s.recent.len() == 1 || s.chosen.spans > s.limits.Spans/2 || s.chosen.bytes > s.limits.Bytes/2
		switch {
		case s.chosen.len() > s.limits.Traces, s.chosen.len() > 0 && full && large:
			s.evict(s.chosen.oldest())
		case s.recent.len() > 1 && (full || s.recent.len() > s.limits.Traces):
			t := s.recent.oldest()
			if s.Chosen == nil || !s.Chosen(t) {
				s.evict(t)
				continue
			}
			s.recent.take(t)
			s.chosen.put(t)
		default:
			return
		}
	}
}

func (s *Store) evict(t *Trace) {
	s.Remove(t)
	if s.Evicted != nil {
		s.Evicted(t)
	}
}

// Remove removes a trace. Spans that arrive for it later begin a new trace, which is marked as continued.
func (s *Store) Remove(t *Trace) {
	if t.shelf == nil {
		return
	}
	t.shelf.take(t)
	delete(s.traces, t.key)
	s.past.add(t.ID)
}

// All returns the traces, the longest untouched first.
func (s *Store) All() []*Trace {
	all := make([]*Trace, 0, s.Len())
	all = slices.AppendSeq(all, s.chosen.all)
	return slices.AppendSeq(all, s.recent.all)
}

// Idle returns the traces that were not touched since that time.
func (s *Store) Idle(since time.Time) []*Trace {
	var idle []*Trace
	for _, on := range []*shelf{&s.chosen, &s.recent} {
		for t := range on.all {
			if t.touched.After(since) {
				return idle
			}
			idle = append(idle, t)
		}
	}
	return idle
}

// Len returns the number of traces.
func (s *Store) Len() int { return s.chosen.len() + s.recent.len() }

// history keeps the ids of a bounded number of traces.
type history struct {
	known map[trace.TraceID]bool
	ring  []trace.TraceID
	next  int
}

const historyLength = 20_000

func (h *history) add(id trace.TraceID) {
	if !id.IsValid() || h.known[id] {
		return
	}
	if len(h.ring) < historyLength {
		h.ring = append(h.ring, id)
	} else {
		delete(h.known, h.ring[h.next])
		h.ring[h.next] = id
		h.next = (h.next + 1) % historyLength
	}
	h.known[id] = true
}
