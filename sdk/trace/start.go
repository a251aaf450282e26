package trace

import (
	"context"
	"time"
)

// start starts a span. Its attributes come beside config, because what config points to is kept, and moved to the heap.
func (tp *TracerProvider) start(ctx context.Context, parent *Span, name string, config *StartConfig, attrs []Attribute) (context.Context, *Span) {
	if parent == nil || config.NewRoot || config.Parent.IsValid() {
		return tp.startRoot(ctx, name, config, attrs)
	}
	if parent.t == nil {
		return ctx, parent // not recorded, nor is any child
	}
	return parent.startChild(ctx, name, config, attrs)
}

func (tp *TracerProvider) startRoot(ctx context.Context, name string, config *StartConfig, attrs []Attribute) (context.Context, *Span) {
	var sc SpanContext
	var parent SpanID
	sampled, remote := tp.fixed == saysYes, false
	if !config.NewRoot && config.Parent.IsValid() {
		if tp.exporter == nil && config.TrustParent {
			// Nothing will be known of a span of ours, so the others go on from the parent as if we were not there.
			return unrecorded(tp, ctx, config.Parent)
		}
		parent, remote = config.Parent.SpanID, true
		sc.TraceID, sc.TraceFlags = config.Parent.TraceID, config.Parent.TraceFlags&FlagRandom
		p := SamplingParameters{sc.TraceID, config.Parent, config.TrustParent, name, config.Kind}
		result := tp.sample(p)
		sampled, sc.TraceState = result.Sampled, result.TraceState
	} else {
		sc.TraceID = tp.newTraceID()
		if tp.ids == nil {
			sc.TraceFlags = FlagRandom
		}
		if tp.fixed == asks {
			result := tp.sample(SamplingParameters{TraceID: sc.TraceID, Name: name, Kind: config.Kind})
			sampled, sc.TraceState = result.Sampled, result.TraceState
		}
	}
	sc.SpanID = tp.newSpanID()
	if sampled {
		sc.TraceFlags |= FlagSampled
	} else if tp.keep.isZero() {
		tp.stats.sampledOut.Add(1)
		return unrecorded(tp, ctx, sc)
	}
	return tp.record(ctx, &sc, parent, remote, sampled, name, config, attrs)
}

// record starts a local trace with its root.
func (tp *TracerProvider) record(ctx context.Context, sc *SpanContext, parent SpanID, remote, sampled bool, name string, config *StartConfig, attrs []Attribute) (context.Context, *Span) {
	t := tp.acquire()
	a := t.handle(ctx, sc, 0)
	t.ctx, t.sampled = a.Context, sampled
	t.begin()
	t.add(sc, parent, remote, name, config, t.epochNanos)
	t.spans[0].describe(&tp.limits, config.Links, attrs)
	return a, &a.span
}

// startChild starts a child of a span that is or was recorded.
func (s *Span) startChild(ctx context.Context, name string, config *StartConfig, attrs []Attribute) (context.Context, *Span) {
	tp, t, sc := s.tp, s.t, s.sc
	sc.SpanID = tp.newSpanID()
	var at time.Time
	if tp.clock != nil {
		at = tp.readClock() // neither under the lock, since both may be code from outside
	}
	t.mu.Lock()
	if t.gen != s.gen {
		// The trace has gone out without this one, and its storage with it: the child is a local trace of its own.
		t.mu.Unlock()
		if !sc.IsSampled() {
			return unrecorded(tp, ctx, s.sc)
		}
		return tp.record(ctx, &sc, s.sc.SpanID, false, true, name, config, attrs)
	}
	defer t.mu.Unlock()
	if len(t.spans) >= tp.limits.Spans {
		t.dropped++
		tp.stats.spansDropped.Add(1)
		return unrecorded(tp, ctx, s.sc)
	}
	a := t.handle(ctx, &sc, len(t.spans))
	t.add(&sc, s.sc.SpanID, false, name, config, t.nanos(at))
	t.spans[a.span.idx].describe(&tp.limits, config.Links, attrs)
	return a, &a.span
}

// unrecorded returns a span that only passes sc on.
func unrecorded(tp *TracerProvider, ctx context.Context, sc SpanContext) (context.Context, *Span) {
	a := &activeSpan{Context: withoutSpan(ctx), span: Span{tp: tp, sc: sc}}
	a.span.sc.Remote = false
	return a, &a.span
}
