package trace

import "context"

// spanStart collects what is decided about a new span before its record is made.
type spanStart struct {
	t        *localTrace // the local trace that the span belongs to, or the provider's none
	recorded bool
	locked   bool // t is locked, since other goroutines may know it
	remote   bool // the parent belongs to another process
	sc       SpanContext
	parent   SpanID
	now      int64
}

// RootConfig holds the settings of a span that [TracerProvider.StartRoot] starts. The zero value is an internal span of a new
// trace.
type RootConfig struct {
	Kind       SpanKind // SpanKindInternal if zero
	Attributes []Attribute

	Parent      SpanContext // a span of another process; if it is valid, the new span continues its trace
	TrustParent bool        // let the sampler follow Parent, see [StartConfig.TrustParent]
}

// StartRoot starts the root of a new local trace, whatever span ctx carries. It continues the trace of config.Parent if that is
// valid, and otherwise starts a new trace. A nil config means the zero value. StartRoot keeps no reference to config.
//
// It is for code that always begins a local trace, such as a server's middleware. It takes fewer settings than
// [TracerProvider.Start] and links less: the code for children, links, scopes and start times is in the binary only if the
// program uses it.
func (tp *TracerProvider) StartRoot(ctx context.Context, name string, config *RootConfig) (context.Context, *Span) {
	if tp == nil || tp.none == nil {
		return ctx, nil
	}
	if config == nil {
		config = new(RootConfig)
	}
	b := spanStart{t: tp.none}
	tp.beginRoot(&b, name, config.Kind, &config.Parent, config.TrustParent)
	h := b.span(ctx, name, config.Kind, config.Attributes)
	return &h.ctx, &h.span
}

// start starts a span. It and the functions that it calls keep only copies of what config points to, so the caller's list of
// attributes stays on the stack. A list on the heap would be the only allocation of a span. A test counts the allocations.
func (tp *TracerProvider) start(ctx context.Context, parent *Span, name string, config *StartConfig) (context.Context, *Span) {
	b := spanStart{t: tp.none}
	switch {
	case config.NewRoot:
		tp.beginRoot(&b, name, config.Kind, &SpanContext{}, false)
	case parent == nil || parent.t == nil || config.Parent.isSet():
		tp.beginRoot(&b, name, config.Kind, &config.Parent, config.TrustParent)
		b.remote = b.remote && config.Parent.Remote // a parent that is not Remote belongs to another tracer in this process
	case parent.t.tp != tp:
		tp.beginRoot(&b, name, config.Kind, &parent.sc, true)
		b.remote = false
	case parent.isRecorded():
		tp.beginChild(&b, parent)
	default:
		parent.dropChild()
		return ctx, parent // the parent is not recorded, so its children are not either
	}
	h := b.span(ctx, name, config.Kind, config.Attributes)
	if b.recorded {
		b.t.spans[h.span.idx].setMore(&tp.config.Limits, config)
	}
	if b.locked {
		b.t.mu.Unlock()
	}
	return &h.ctx, &h.span
}

// span makes the handle with the context that carries it, and the record. If the trace is locked, it stays locked.
//
//go:noinline
func (b *spanStart) span(ctx context.Context, name string, kind SpanKind, attrs []Attribute) *handle {
	t, idx := b.t, notRecorded
	var h *handle
	if b.recorded {
		if len(t.handles) == 0 {
			t.handles = make([]handle, handlesAtOnce)
		}
		idx, h, t.handles = len(t.spans), &t.handles[0], t.handles[1:]
	} else {
		h = new(handle)
		b.sc.Remote = false
	}
	h.set(ctx, &b.sc, t, idx)
	if !b.recorded {
		return h
	}
	if idx == 0 {
		t.ctx = h.ctx.wrapped
	}
	if idx < cap(t.spans) {
		t.spans = t.spans[:idx+1] // reuses the lists that the record has allocated before
	} else {
		t.spans = append(t.spans, SpanData{})
	}
	d := &t.spans[idx]
	d.SpanContext, d.ParentSpanID, d.ParentRemote = b.sc, b.parent, b.remote
	d.Name, d.Kind, d.Scope, d.Start = name, kind.known(), nil, b.now
	d.setAttributes(&t.tp.config.Limits, 0, attrs)
	t.users++
	return h
}

// setMore sets the fields of a new record that only some spans have.
func (d *SpanData) setMore(l *Limits, config *StartConfig) {
	d.Scope = config.Scope.clone()
	if at := nanosOf(config.Time); at != now {
		d.Start = at
	}
	for i := range config.Links {
		d.addLink(l, &config.Links[i])
	}
}

// beginRoot begins a local trace. If parent is valid, the local trace is below that span of another process or provider.
func (tp *TracerProvider) beginRoot(b *spanStart, name string, kind SpanKind, parent *SpanContext, trust bool) {
	sc := &b.sc
	var from SpanContext // the parent, without what must not be trusted
	if b.remote = parent.isSet(); b.remote {
		from = parent.clone()
		if tp.config.Exporter == nil {
			// Spans of this provider are not exported, so others continue directly from the parent.
			*sc = from
			return
		}
		b.parent, sc.TraceID, sc.TraceFlags = from.SpanID, from.TraceID, from.TraceFlags&FlagRandom
		if !trust {
			from.TraceState = from.TraceState.Without(otKey)
		}
	}
	t := tp.takeStorage()
	t.newIDs(sc)
	sampled, discard := tp.fixed == alwaysYes, false
	switch {
	case !b.remote && tp.fixed != notFixed: // sampled holds already
	case tp.config.Sampler == nil: // ParentBased(Always()), without linking it
		sampled, sc.TraceState = !trust || from.IsSampled(), from.TraceState
	default:
		q := call{what: askSampler}
		p := &q.parameters
		p.TraceID, p.Parent, p.TrustParent, p.Name, p.Kind = sc.TraceID, from, trust, name, kind
		tp.ask(&q)
		if q.err != nil { // a sampler that panics has not sampled the trace
			q.result.TraceState = from.TraceState.Without(otKey)
		}
		sampled, discard, sc.TraceState = q.result.Sampled, q.result.Drop, q.result.TraceState
	}
	if sampled {
		sc.TraceFlags |= FlagSampled
	} else if discard || tp.config.Keep == nil {
		if tp.config.Exporter != nil { // without an exporter nobody decided
			tp.stats.sampledOut.Add(1)
		}
		tp.spare.Put(t)
		return
	}
	t.beginRecorded(b, sampled)
}

// beginChild begins a child of a span that is or was recorded.
func (tp *TracerProvider) beginChild(b *spanStart, s *Span) {
	t, sc := s.t, &b.sc
	*sc, b.parent = s.sc, s.sc.SpanID
	at := tp.readClock() // not under the lock: it may be the user's code
	sc.SpanID = tp.newSpanID()
	t.mu.Lock()
	if t.gen != s.gen {
		t.mu.Unlock()
		// The local trace has been exported, and its storage may serve another request. The child becomes a local trace of its
		// own. The sampled flag of its parent decides, and Keep is asked about it as about any other.
		t = tp.takeStorage()
		if !sc.SpanID.isSet() {
			t.ids.fill(sc.SpanID[:])
		}
		t.beginRecorded(b, sc.IsSampled())
		return
	}
	b.t, b.locked = t, true // also above the limit, where the handle is needed to count further descendants
	t.endChild, t.endRootWithChildren = endChild, endRootWithChildren
	if len(t.spans) >= tp.config.Limits.Spans {
		t.dropped++
		tp.stats.spansDropped.Add(1)
		sc.SpanID = b.parent // what the span passes on to other processes is its parent
		return
	}
	if !sc.SpanID.isSet() {
		t.ids.fill(sc.SpanID[:])
	}
	if t.ended {
		tp.stats.spansOpen.Add(1)
	}
	b.recorded, b.now = true, t.now(at)
}

// dropChild counts a child of a span that was dropped for Limits.Spans.
func (s *Span) dropChild() {
	t := s.t
	if t == t.tp.none {
		return
	}
	t.mu.Lock()
	if t.gen == s.gen {
		t.dropped++
	}
	t.mu.Unlock()
	t.tp.stats.spansDropped.Add(1)
}
