package trace

import (
	"context"
	"time"
)

// End ends the span now. If the span is the root of its local trace, End hands the trace to the exporter before it returns.
func (s *Span) End() { s.end(now) }

// EndAt ends the span at the given time. The zero time means now. A time before the span's start is replaced by its start.
// Times are kept in nanoseconds, from 1970 to 2262; others become the first or the last of these.
func (s *Span) EndAt(at time.Time) { s.end(nanosOf(at)) }

func (s *Span) end(at int64) {
	d, at := s.lockRecordAt(at)
	if d == nil {
		return
	}
	t := s.t
	d.End = max(at, d.Start)
	d.makeKeysDistinct()
	if s.idx != 0 {
		t.endChild(t, d) // set when the first child starts, so that a program without child spans does not link it
		return
	}
	t.ended = true
	if t.endRootWithChildren != nil && t.endRootWithChildren(t) {
		return
	}
	t.gen++
	t.mu.Unlock() // user code never runs under it
	spans := t.copies
	if len(spans) == 0 {
		spans = t.spans // a single span, which is handed on without a copy
	}
	attrs, events := d.Attributes, d.Events
	b := t.fill(&t.batch, spans)
	t.tp.export(t, b, t.tp.decide(t, b))
	d.Attributes, d.Events = attrs, events // keep the memory for the next request, whatever lists the exporter has put there
	t.release()
}

// fill fills b with the resource and the spans for the exporter. The capacity of b.Spans ends with the last span, so that an
// append by the exporter makes a copy.
func (t *localTrace) fill(b *Batch, spans []SpanData) *Batch {
	b.Resource, b.Spans = t.tp.resource, spans[:len(spans):len(spans)]
	return b
}

// endRootWithChildren ends a root whose storage has held children. If some children are still open, it unlocks the local trace,
// exports what has ended, and returns true. Until that export is done, the root counts as a user of the storage.
func endRootWithChildren(t *localTrace) (handedOn bool) {
	if t.dropped > 0 {
		t.spans[0].addCount(Int("edgespan.dropped_spans", t.dropped))
	}
	open := t.users - 1
	if open == 0 {
		if len(t.spans) > 1 {
			t.copies = append(t.copies, t.spans...)
		}
		return false
	}
	t.tp.stats.spansOpen.Add(uint64(open))
	t.spans[0].addCount(Int("edgespan.open_spans", open))
	b := t.fill(new(Batch), t.endedSpans())
	t.mu.Unlock()
	v := t.tp.decide(t, b)
	t.mu.Lock()
	t.verdict, t.decided = v, true
	late := t.late
	t.late = nil
	t.mu.Unlock()
	t.tp.export(t, b, v)
	for i := range late {
		t.tp.export(t, t.fill(new(Batch), late[i:i+1]), v)
	}
	t.leave()
	return true
}

// endChild ends a child. Before the root has ended, the child stays in the storage and is exported with the root. While the
// Keep rules are asked, it waits in late. After that it is exported by itself.
func endChild(t *localTrace, d *SpanData) {
	if t.ended {
		t.tp.stats.spansOpen.Add(^uint64(0))
	}
	if t.decided {
		b, v := t.fill(new(Batch), []SpanData{*d}), t.verdict
		t.mu.Unlock()
		t.tp.export(t, b, v)
		t.leave()
		return
	}
	if t.ended {
		t.late = append(t.late, *d)
	}
	t.users--
	t.mu.Unlock()
}

// leave removes the caller from the users of the storage. The last user releases the storage.
func (t *localTrace) leave() {
	t.mu.Lock()
	t.users--
	last := t.users == 0
	if last {
		t.gen++
	}
	t.mu.Unlock()
	if last {
		t.release()
	}
}

// export hands b to the exporter, unless v is drop. The caller must be a user of t, or the only one that knows t.
func (tp *TracerProvider) export(t *localTrace, b *Batch, v verdict) {
	switch v {
	case drop:
		return
	case keepByRule:
		tp.config.Keep.markKept(b)
	}
	tp.stats.spansExported.Add(uint64(len(b.Spans)))
	if err := tp.callExporter(t.ctx, b); err != nil {
		tp.stats.exportErrors.Add(1)
		tp.ReportError(err)
	}
}

// callExporter calls the exporter, and turns a panic into an error. It does natively what ask does, since it runs for every
// trace and ask would take 12 of 440 ns more.
func (tp *TracerProvider) callExporter(ctx context.Context, b *Batch) (err error) {
	if small {
		q := call{what: askExporter, ctx: ctx, batch: b}
		tp.ask(&q)
		return q.err
	}
	defer func() {
		if v := recover(); v != nil {
			err = panicked("Exporter.Export", v)
		}
	}()
	return tp.config.Exporter.Export(ctx, b)
}
