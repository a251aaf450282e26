package trace

import (
	"context"
	"sync"
)

// localTrace is the storage of a local trace: the spans of one request in this process. It is used again for other requests.
// gen counts the uses, so a Span that is left over from an earlier use finds a different number.
//
// A local trace passes through these states. While the root is open, spans are added and end. When the root ends and no other
// span is open, the trace is exported and the storage is released. When the root ends before some of its descendants, ended is
// set, Keep is asked about the spans that have ended, and spans that end meanwhile wait in late. Then decided is set, those
// spans are exported, and each further span is exported when it ends. The last user releases the storage.
//
// mu guards all fields except tp. Before a second goroutine can know the trace, and after gen has been raised, its only owner
// needs no lock.
type localTrace struct {
	tp  *TracerProvider
	ctx context.Context // the context that the root was started with, for the exporter

	mu      sync.Mutex
	gen     uint64
	spans   []SpanData // spans[0] is the root
	copies  []SpanData // copies of the spans, which the exporter may change; unused when the root is the only span
	users   int        // open spans, and exports of single spans in progress; the root counts until it has been exported
	dropped int        // spans above Limits.Spans
	sampled bool
	ended   bool // the root has ended
	decided bool // verdict is set
	verdict verdict
	late    []SpanData // spans that ended between the root's end and the verdict

	endChild            func(t *localTrace, d *SpanData) // set when the first child starts
	endRootWithChildren func(t *localTrace) bool         // set when the first child starts

	timeline timeline // where times come from
	ids      idSource // where ids come from

	handles []handle // allocated and not yet used; each is used once

	batch Batch // handed to the exporter if no span outlives the root
}

// handlesAtOnce is how many handles are allocated together: as many as a small request needs. It is not more, because one
// handle that is still in use keeps its neighbours, and the contexts that they carry, in memory. Nine handles of 96 bytes fit
// where Go's allocator has room for eight.
const handlesAtOnce = 9

// endedSpans returns copies of the records of the spans that have ended. The other spans are still open, and their records
// still change.
func (t *localTrace) endedSpans() []SpanData {
	ended := make([]SpanData, 0, len(t.spans))
	for i := range t.spans {
		if t.spans[i].End != 0 {
			ended = append(ended, t.spans[i])
		}
	}
	return ended
}
