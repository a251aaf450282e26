package trace

import "sync/atomic"

// Stats counts what a provider has done since it was made, and what is open.
type Stats struct {
	ExportedSpans    uint64 // handed to the exporter
	DroppedSpans     uint64 // not recorded, because their local trace was at Limits.Spans
	OpenSpans        uint64 // now: they have outlived their root; each goes where its trace went when it ends, and is lost if it never does
	SampledOutTraces uint64 // local traces that were not exported by the word of Sampler and Keep; one that a late child begins counts anew
	ExportErrors     uint64 // errors that the exporter returned; logendpoint returns each once, and counts the rest itself
}

type counters struct {
	_ [0]func() // no ==, which would be code

	spansExported, spansDropped, spansOpen, sampledOut, exportErrors atomic.Uint64
}

// Stats returns the counts so far.
func (tp *TracerProvider) Stats() Stats {
	if tp == nil {
		return Stats{}
	}
	return Stats{
		ExportedSpans:    tp.stats.spansExported.Load(),
		DroppedSpans:     tp.stats.spansDropped.Load(),
		OpenSpans:        tp.stats.spansOpen.Load(),
		SampledOutTraces: tp.stats.sampledOut.Load(),
		ExportErrors:     tp.stats.exportErrors.Load(),
	}
}
