package trace

import "context"

// birth is what a span begins with.
type birth struct {
	t        *localTrace // where it belongs; the provider's none, if nowhere
	recorded bool
	locked   bool // t is, since others know it
	remote   bool // the parent is in another process
	sc       SpanContext
	parent   SpanID
	now      int64
}

// RootConfig is what can be said of a span that begins a local trace in any case. The zero value is an internal span of a trace
// that begins here.
type RootConfig struct {
	Kind       SpanKind // SpanKindInternal where it is zero
	Attributes []Attribute

	Parent      SpanContext // another process's span, whose trace goes on here, where it is valid
	TrustParent bool        // as StartConfig has it
}

// StartRoot starts the root of a new local trace, whatever ctx carries: of a trace that begins here, or of config.Parent's. A nil config
// is the zero value; nothing that it points to is kept.
//
// It is for what always begins a local trace, as a server's middleware does. It has less to say than [TracerProvider.Start], and links less: what
// children, links, scopes and a start time need is in a program's binary only if the program uses them.
func (tp *TracerProvider) StartRoot(ctx context.Context, name string, config *RootConfig) (context.Context, *Span) {
	if tp == nil || tp.none == nil {
		return ctx, nil
	}
	if config == nil {
		config = new(RootConfig)
	}
	b := birth{t: tp.none}
	tp.beginRoot(&b, name, config.Kind, &config.Parent, config.TrustParent)
	h := b.span(ctx, name, config.Kind, config.Attributes)
	return &h.ctx, &h.span
}

// start starts a span. It and what it calls keep nothing that config itself points to, only copies, so that the caller's list
// of attributes stays on the stack: the one allocation that a span would cost. A test watches over it.
func (tp *TracerProvider) start(ctx context.Context, parent *Span, name string, config *StartConfig) (context.Context, *Span) {
	b := birth{t: tp.none}
	switch {
	case config.NewRoot:
		tp.beginRoot(&b, name, config.Kind, &SpanContext{}, false)
	case parent == nil || parent.t == nil || config.Parent.isSet():
		tp.beginRoot(&b, name, config.Kind, &config.Parent, config.TrustParent)
		b.remote = b.remote && config.Parent.Remote // else it is another tracer's of this process
	case parent.t.tp != tp:
		tp.beginRoot(&b, name, config.Kind, &parent.sc, true)
		b.remote = false
	case parent.isRecorded():
		tp.beginChild(&b, parent)
	default:
		parent.dropChild()
		return ctx, parent // not recorded, nor is any child
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

// span makes the handle, with the context that carries it, and the record. A trace that is locked stays so.
//
//go:noinline
func (b *birth) span(ctx context.Context, name string, kind SpanKind, attrs []Attribute) *handle {
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
	if b.recorded {
		if idx == 0 {
			t.ctx = h.ctx.beneath
		}
		t.add(b, name, kind, attrs)
	}
	return h
}

// setMore sets what only some spans begin with.
func (d *SpanData) setMore(l *Limits, config *StartConfig) {
	d.Scope = config.Scope.clone()
	if !config.Time.IsZero() {
		d.Start = max(config.Time.UnixNano(), 1)
	}
	for i := range config.Links {
		d.addLink(l, &config.Links[i])
	}
}

// beginRoot begins a local trace: below another's span where the parent is valid.
func (tp *TracerProvider) beginRoot(b *birth, name string, kind SpanKind, parent *SpanContext, trust bool) {
	sc := &b.sc
	var from SpanContext // the parent, and what of it may be followed
	if b.remote = parent.isSet(); b.remote {
		from = parent.clone()
		if tp.config.Exporter == nil {
			// Nothing will be known of a span of ours, so the others go on from the parent as if we were not there.
			*sc = from
			return
		}
		b.parent, sc.TraceID, sc.TraceFlags = from.SpanID, from.TraceID, from.TraceFlags&FlagRandom
		if !trust {
			from.TraceState = from.TraceState.Without(otKey)
		}
	}
	t := tp.takeStorage()
	if !b.remote {
		t.newTrace(sc)
	}
	sampled, discard := tp.fixed == alwaysYes, false
	switch {
	case !b.remote && tp.fixed != itDepends:
	case tp.config.Sampler == nil: // ParentBased(Always()), without linking it
		sampled, sc.TraceState = !trust || from.IsSampled(), from.TraceState
	default:
		q := call{what: askSampler}
		p := &q.parameters
		p.TraceID, p.Parent, p.TrustParent, p.Name, p.Kind = sc.TraceID, from, trust, name, kind
		tp.ask(&q)
		if q.err != nil { // it has panicked, which is a no
			q.result.TraceState = from.TraceState.Without(otKey)
		}
		sampled, discard, sc.TraceState = q.result.Sampled, q.result.Drop, q.result.TraceState
	}
	if sc.SpanID = tp.newSpanID(); !sc.SpanID.isSet() {
		t.ids.fill(sc.SpanID[:])
	}
	if sampled {
		sc.TraceFlags |= FlagSampled
	} else if discard || tp.config.Keep == nil {
		if tp.config.Exporter != nil { // else it is nobody's word
			tp.stats.sampledOut.Add(1)
		}
		tp.spare.Put(t)
		return
	}
	t.beginRecorded(b, sampled)
}

// beginChild begins a child of a span that is or was recorded.
func (tp *TracerProvider) beginChild(b *birth, s *Span) {
	t, sc := s.t, &b.sc
	*sc, b.parent = s.sc, s.sc.SpanID
	at := tp.readClock() // not under the lock, since it may be code from outside
	sc.SpanID = tp.newSpanID()
	t.mu.Lock()
	if t.gen != s.gen {
		t.mu.Unlock()
		// The trace has gone out without this one, and its storage with it: the child is a local trace of its own, as its flags
		// say, and Keep is asked about it as about any other.
		t = tp.takeStorage()
		if !sc.SpanID.isSet() {
			t.ids.fill(sc.SpanID[:])
		}
		t.beginRecorded(b, sc.IsSampled())
		return
	}
	b.t, b.locked = t, true // above the limit too: for the count of those below the child
	t.endChild, t.endRootWithChildren = endChild, endRootWithChildren
	if len(t.spans) >= tp.config.Limits.Spans {
		t.dropped++
		tp.stats.spansDropped.Add(1)
		sc.SpanID = b.parent // all that it passes on is what it has from its parent
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

// dropChild counts a child of a span that is above Limits.Spans.
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
