package trace

import "context"

// start starts a span. It and what it calls keep nothing that config itself points to, only copies, so that the caller's list
// of attributes stays on the stack: the one allocation that a span would cost. A test watches over it.
func (tp *TracerProvider) start(ctx context.Context, parent *Span, name string, config *StartConfig) (context.Context, *Span) {
	if parent == nil || config.NewRoot || config.Parent.IsValid() {
		return tp.startRoot(ctx, name, config)
	}
	if !parent.isRecorded() {
		parent.dropChild()
		return ctx, parent // not recorded, nor is any child
	}
	return parent.startChild(ctx, name, config)
}

func (tp *TracerProvider) startRoot(ctx context.Context, name string, config *StartConfig) (context.Context, *Span) {
	var sc SpanContext
	var result SamplingResult
	var parent SpanID
	remote := !config.NewRoot && config.Parent.IsValid()
	if remote {
		from := config.Parent.clone()
		if tp.config.Exporter == nil {
			// Nothing will be known of a span of ours, so the others go on from the parent as if we were not there.
			return unrecorded(tp.none, ctx, &from)
		}
		parent, sc.TraceID, sc.TraceFlags = from.SpanID, from.TraceID, from.TraceFlags&FlagRandom
		result = tp.sample(&SamplingParameters{TraceID: sc.TraceID, Parent: from, TrustParent: config.TrustParent, Name: name, Kind: config.Kind})
	} else {
		tp.newTrace(&sc)
		if result.Sampled = tp.fixed == saysYes; tp.fixed == asks {
			result = tp.sample(&SamplingParameters{TraceID: sc.TraceID, Name: name, Kind: config.Kind})
		}
	}
	sc.TraceState = result.TraceState
	if !sc.SpanID.IsValid() {
		sc.SpanID = tp.newSpanID()
	}
	if result.Sampled {
		sc.TraceFlags |= FlagSampled
	} else if tp.config.Keep.isZero() {
		tp.stats.sampledOut.Add(1)
		return unrecorded(tp.none, ctx, &sc)
	}
	return tp.record(ctx, &sc, parent, remote, &result, name, config)
}

// record starts a local trace with its root.
func (tp *TracerProvider) record(ctx context.Context, sc *SpanContext, parent SpanID, remote bool, result *SamplingResult, name string, config *StartConfig) (context.Context, *Span) {
	t := tp.acquire()
	h := t.handle(ctx, sc)
	t.ctx, t.result = h.ctx.beneath, *result
	var now int64
	t.anchor, now = tp.begin()
	t.add(sc, parent, remote, name, config, now)
	return &h.ctx, &h.span
}

// startChild starts a child of a span that is or was recorded.
func (s *Span) startChild(ctx context.Context, name string, config *StartConfig) (context.Context, *Span) {
	t, tp, sc := s.t, s.t.tp, s.sc
	at := tp.readClock() // not under the lock, since it may be code from outside
	if tp.config.IDs != nil {
		sc.SpanID = tp.newSpanID() // likewise
	}
	t.mu.Lock()
	if t.gen != s.gen {
		// The trace has gone out without this one, and its storage with it: the child is a local trace of its own.
		t.mu.Unlock()
		if !sc.IsSampled() {
			return unrecorded(tp.none, ctx, &s.sc)
		}
		sc.SpanID = tp.newSpanID()
		return tp.record(ctx, &sc, s.sc.SpanID, false, &SamplingResult{Sampled: true}, name, config)
	}
	if len(t.spans) >= tp.config.Limits.Spans {
		t.mu.Unlock()
		s.dropChild()
		return unrecorded(t, ctx, &s.sc)
	}
	if tp.config.IDs == nil {
		sc.SpanID = t.ids.next()
	}
	h := t.handle(ctx, &sc)
	t.add(&sc, s.sc.SpanID, false, name, config, t.now(at))
	t.mu.Unlock()
	return &h.ctx, &h.span
}

// dropChild counts a child of a span that has reached Limits.Spans, or is above it.
func (s *Span) dropChild() {
	t := s.t
	if t == nil || t == t.tp.none {
		return
	}
	t.mu.Lock()
	if t.gen == s.gen {
		t.dropped++
	}
	t.mu.Unlock()
	t.tp.stats.spansDropped.Add(1)
}

// unrecorded returns a span that only passes sc on. t is the provider's none, or the local trace that has no room for it.
func unrecorded(t *localTrace, ctx context.Context, sc *SpanContext) (context.Context, *Span) {
	h := new(handle)
	h.set(ctx, sc, t, notRecorded)
	h.span.sc.Remote = false
	return &h.ctx, &h.span
}
