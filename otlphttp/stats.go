package otlphttp

// Stats counts what an [Exporter] has done since it was made. Behind a batch.Processor, use the Stats of the processor, which
// account for every span: spans that could not be sent are not lost yet there, and DroppedSpans counts only those that are too
// large.
type Stats struct {
	Requests      uint64 // sent
	Failures      uint64 // requests without a response, or with one that is not a success
	Bytes         uint64 // in the bodies of all requests, after compression
	Spans         uint64 // accepted by the receiver
	RejectedSpans uint64 // refused by the receiver for good
	DroppedSpans  uint64 // lost here: too large, not sent because the Config is invalid, or not accepted in any attempt
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
