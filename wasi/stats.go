package wasi

// Stats counts what a [File] has done since [Open].
type Stats struct {
	Lines        uint64 // appended
	Bytes        uint64 // of these
	Spans        uint64 // in these
	Repeated     uint64 // lines appended once more, since the file was taken away meanwhile
	DroppedSpans uint64 // lost here: nothing can be written, or there is no room

	SentSpans     uint64 // taken by the receiver
	RejectedSpans uint64 // refused by the receiver for good
	TornLines     uint64 // found unreadable by Flush, and cleared
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
