package traces

import "container/list"

// shelf holds traces in the order in which they were touched last, and knows their total size.
type shelf struct {
	order list.List // of *Trace, the longest untouched first
	spans int
	bytes int
}

func (s *shelf) put(t *Trace) {
	t.shelf, t.place = s, s.order.PushBack(t)
	s.spans += len(t.Spans)
	s.bytes += t.bytes
}

func (s *shelf) take(t *Trace) {
	s.order.Remove(t.place)
	t.shelf, t.place = nil, nil
	s.spans -= len(t.Spans)
	s.bytes -= t.bytes
}

func (s *shelf) len() int { return s.order.Len() }

// oldest returns the trace that was untouched for the longest time. The shelf must not be empty.
func (s *shelf) oldest() *Trace { return s.order.Front().Value.(*Trace) }

func (s *shelf) all(yield func(*Trace) bool) {
	for e := s.order.Front(); e != nil && yield(e.Value.(*Trace)); e = e.Next() {
	}
}
