package batch

// Stats counts spans, but where it says otherwise. At any moment
//
//	Given + Loaded = Sent + Rejected + Dropped + Held
type Stats struct {
	Given    uint64 // to Export
	Loaded   uint64 // from the Store; what there is no room for yet stays there, and is not counted
	Sent     uint64 // taken by the receiver
	Rejected uint64 // refused by the receiver for good
	Dropped  uint64 // lost here: too many held, too many failures, not encoded, or too late
	Held     uint64 // waiting, or on their way

	Flushes     uint64 // calls of Sink.Send
	Failures    uint64 // those after which something was left to be tried again
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
