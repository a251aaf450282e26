package trace

import "context"

// endAndUnlock closes a record. It is called with mu held, and gives it back. No code from outside of the package runs under mu.
//
// endChild and endRootWithChildren are set by the first child, so that a program whose requests have none does not link them.
func (t *localTrace) endAndUnlock(s *Span, d *SpanData, at int64) {
	d.End = max(at, d.Start)
	d.makeKeysDistinct()
	if s.idx != 0 {
		t.endChild(t, d)
		return
	}
	t.ended = true
	if t.endRootWithChildren != nil && t.endRootWithChildren(t) {
		return
	}
	t.gen++
	t.mu.Unlock()
	spans := t.copies
	if len(spans) == 0 {
		spans = t.spans // of one, which is handed on itself
	}
	attrs, events := d.Attributes, d.Events
	b := t.fill(&t.batch, spans)
	t.tp.export(t, b, t.tp.decide(t, b))
	d.Attributes, d.Events = attrs, events // the room for the next request's; the exporter may have put its own there
	t.release()
}

// fill makes b what an exporter gets. There is no room behind the last span, since an exporter may append.
func (t *localTrace) fill(b *Batch, spans []SpanData) *Batch {
	b.Resource, b.Spans = t.tp.resource, spans[:len(spans):len(spans)]
	return b
}

// endRootWithChildren ends a root whose storage has had children. Where some of them outlive it, it unlocks the local trace, hands it on,
// and reports that it has; the root stays a user of the records until it has exported them.
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

// endChild leaves a span that has ended to its root. One that has outlived it is exported by itself, or left to the root while
// that makes up its mind.
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

// leave makes the caller a user no more. The last one gives the storage back.
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

// export hands b to the exporter, unless v says drop. The caller is a user of t, or the only one to know it.
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

// callExporter is ask about the exporter. That is called for every trace, so that 12 ns of 440 are worth a second place that recovers.
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
