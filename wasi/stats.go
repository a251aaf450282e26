package wasi

// Stats counts what a [File] has done since [Open].
type Stats struct {
	Lines        uint64 // lines appended
	Bytes        uint64 // bytes in these lines
	Spans        uint64 // spans in these lines
	Repeated     uint64 // lines appended again because the file was moved away meanwhile
	DroppedSpans uint64 // spans dropped because they could not be written or there was no room

	SentSpans     uint64 // spans that the receiver has accepted
	RejectedSpans uint64 // spans that the receiver has refused permanently
	TornLines     uint64 // lines that Flush could not read and has removed
}

// Stats returns the counts so far.
func (f *File) Stats() Stats {
	if f == nil {
		return Stats{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stats
}
