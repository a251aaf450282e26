package logendpoint

// Stats counts what an [Endpoint] has done since it was opened.
type Stats struct {
	Lines         uint64 // log events written
	Bytes         uint64 // in them
	Spans         uint64 // in them
	DroppedSpans  uint64 // lost: the endpoint's name is bad, the host refused the write, a Format wrote nothing, or nothing could make the span fit
	DroppedValues uint64 // attribute values, events, links and ends of names that a span lost to fit into a line
}

// Stats returns the counts so far. A handler may read it, and finds what has been exported before its own request.
func (e *Endpoint) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.DroppedSpans = e.seen - s.Spans
	return s
}
