package trace

import (
	"context"
	"sync"
)

// localTrace is the storage of one request's spans: the part of a trace that this process makes. It is used again for
// other requests; gen counts the uses, and a Span that belongs to an earlier one finds another number.
//
// Its life: spans are added and end. The root ends; where no other span is open, the trace goes out, and its storage is released. Where
// some are, it has ended, what has ended by then goes out, and Keep is asked without mu; spans that end meanwhile wait in late.
// Then it is decided, and each span that ends goes out by itself, until the last of its users releases the storage.
//
// mu guards all but tp. Before others know the trace, and after gen has gone on, its one owner needs no lock.
type localTrace struct {
	tp  *TracerProvider
	ctx context.Context // the root's; for the exporter

	mu      sync.Mutex
	gen     uint64
	spans   []SpanData // spans[0] is the root
	copies  []SpanData // of several spans, for the exporter to change as it likes
	users   int        // open spans, and exports of single ones under way; the root is one until it has gone out
	dropped int        // spans above Limits.Spans
	sampled bool
	ended   bool // the root has ended
	decided bool // verdict holds
	verdict verdict
	late    []SpanData // ended between the root's end and the verdict

	endChild            func(t *localTrace, d *SpanData) // once there is a child
	endRootWithChildren func(t *localTrace) bool         // likewise

	timeline timeline // what its times go by
	ids      idSource // of its ids

	handles []handle // allocated and not yet used; each is used once

	batch Batch // handed to the exporter when nothing outlives the root
}

// handlesAtOnce is how many handles are allocated together: a small request's. One handle keeps its neighbours, and the
// contexts they carry, from being collected, so it is not more. Nine of 96 bytes fill the room that Go gives to eight.
const handlesAtOnce = 9

// add begins a record. The caller holds mu, or is the only one to know t.
func (t *localTrace) add(b *birth, name string, kind SpanKind, attrs []Attribute) {
	n := len(t.spans)
	if n < cap(t.spans) {
		t.spans = t.spans[:n+1] // with what its slices have allocated before
	} else {
		t.spans = append(t.spans, SpanData{})
	}
	d := &t.spans[n]
	d.SpanContext, d.ParentSpanID, d.ParentRemote = b.sc, b.parent, b.remote
	d.Name, d.Kind, d.Scope, d.Start = name, kind.known(), nil, b.now
	d.setAttributes(&t.tp.config.Limits, 0, attrs)
	t.users++
}

// endedSpans returns the spans that have ended, as they are now: the others go on, and their records with them.
func (t *localTrace) endedSpans() []SpanData {
	ended := make([]SpanData, 0, len(t.spans))
	for i := range t.spans {
		if t.spans[i].End != 0 {
			ended = append(ended, t.spans[i])
		}
	}
	return ended
}
