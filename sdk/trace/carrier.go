package trace

import (
	"context"
	"time"
)

// carrier is a context that carries a span.
type carrier struct {
	_ [0]func() // forbids ==, whose code would be linked

	wrapped context.Context // the context without the span; never a *carrier
	span    *Span
}

type spanKey struct{}

func (c *carrier) Deadline() (time.Time, bool) { return c.wrapped.Deadline() }
func (c *carrier) Done() <-chan struct{}       { return c.wrapped.Done() }
func (c *carrier) Err() error                  { return c.wrapped.Err() }

func (c *carrier) Value(key any) any {
	if _, ok := key.(spanKey); ok { // not ==: TinyGo compares two interfaces by reflection
		return c.span
	}
	if c.span != nil && c.span.t != nil {
		if bridge := c.span.t.tp.bridge; bridge != nil {
			if v := bridge(c.span, key); v != nil {
				return v
			}
		}
	}
	return c.wrapped.Value(key)
}

// set makes c a context that carries span on top of ctx. If ctx is a carrier itself, c takes its place, since the new span
// hides the one in ctx. A chain of carriers that grew with each span would be searched, and kept in memory, from end to end.
func (c *carrier) set(ctx context.Context, span *Span) {
	if outer, ok := ctx.(*carrier); ok {
		ctx = outer.wrapped
	} else if ctx == nil {
		ctx = context.Background()
	}
	c.wrapped, c.span = ctx, span
}

// handle is a span and the context that carries it. Handles are allocated several at a time for a trace, and each is used once.
type handle struct {
	ctx  carrier
	span Span
}

func (h *handle) set(ctx context.Context, sc *SpanContext, t *localTrace, idx int) {
	h.ctx.set(ctx, &h.span)
	h.span.t, h.span.gen, h.span.idx, h.span.sc = t, t.gen, idx, *sc
}
