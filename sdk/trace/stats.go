package trace

import "sync/atomic"

// Stats holds the counts of a provider since it was made. OpenSpans is a current number.
type Stats struct {
	ExportedSpans uint64 // handed to the exporter
	DroppedSpans  uint64 // not recorded, because their local trace had reached Limits.Spans
	// OpenSpans is how many spans are open now although their root has ended. Each is exported when it ends, if its trace was,
	// and lost if it never ends.
	OpenSpans uint64
	// SampledOutTraces is how many local traces were not exported because Sampler and Keep decided so. A child that starts
	// after its trace was exported counts as a local trace of its own.
	SampledOutTraces uint64
	// ExportErrors is how many errors the exporter has returned. Package logendpoint returns a repeated error only once, and
	// its own Stats count the spans that were lost.
	ExportErrors uint64
}

type counters struct {
	_ [0]func() // forbids ==, whose code would be linked

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
