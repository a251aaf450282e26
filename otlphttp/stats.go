package otlphttp

// Stats counts what an [Exporter] has done since it was made. Behind a batch.Processor, whose own Stats has the whole account,
// what could not be sent is not lost yet, and DroppedSpans has only those that are too large.
type Stats struct {
	Requests      uint64 // sent
	Failures      uint64 // of these, those without an answer or with one that is no success
	Bytes         uint64 // in the bodies of all requests, compressed where they are
	Spans         uint64 // taken by the receiver
	RejectedSpans uint64 // refused by the receiver for good
	DroppedSpans  uint64 // lost here: too large, a Config with which nothing can be sent, or there was no getting through
}

// Stats returns the counts so far.
func (e *Exporter) Stats() Stats {
	if e == nil {
		return Stats{}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats
}
