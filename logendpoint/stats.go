package logendpoint

// Stats counts what an [Endpoint] has done since it was opened.
type Stats struct {
	Lines uint64 // log events written
	Bytes uint64 // bytes in these lines
	Spans uint64 // spans in these lines
	// DroppedSpans is how many spans were lost because the endpoint's name is invalid, the host refused the write, a Format
	// wrote nothing, or the span did not fit into a line even when shortened.
	DroppedSpans uint64
	// DroppedValues is how many attribute values, events, links and ends of names spans have lost so that they fit into a line.
	DroppedValues uint64
}

// Stats returns the counts so far. A handler that calls it sees the counts without its own request, which is exported later.
func (e *Endpoint) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.DroppedSpans = e.seen - s.Spans
	return s
}
