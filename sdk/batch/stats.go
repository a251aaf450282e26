package batch

// Stats counts spans since the processor was made, except where a field says otherwise. At any moment
//
//	Given + Loaded = Sent + Rejected + Dropped + Held
type Stats struct {
	Given    uint64 // to Export
	Loaded   uint64 // from the Store; lines that stay there for lack of room are not counted
	Sent     uint64 // accepted by the receiver
	Rejected uint64 // refused by the receiver for good
	Dropped  uint64 // lost here: no room, too many failures, not encoded, or exported after Shutdown
	Held     uint64 // waiting, or being sent

	Flushes     uint64 // calls of Sink.Send
	Failures    uint64 // calls of Sink.Send that left lines to be tried again
	StoreErrors uint64 // calls of the Store that failed
	Damaged     uint64 // lines in the Store that could not be read
}

// Stats returns the counts so far.
func (p *Processor) Stats() Stats {
	if p == nil {
		return Stats{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Held = uint64(p.spans)
	s.StoreErrors = p.keeper.errors
	return s
}
