package trace

import (
	"context"
	"time"
)

// carrier is a context that carries a span.
type carrier struct {
	_ [0]func() // no ==, which would be code

	beneath context.Context // never a *carrier
	span    *Span
}

type spanKey struct{}

func (c *carrier) Deadline() (time.Time, bool) { return c.beneath.Deadline() }
func (c *carrier) Done() <-chan struct{}       { return c.beneath.Done() }
func (c *carrier) Err() error                  { return c.beneath.Err() }

func (c *carrier) Value(key any) any {
	if _, ok := key.(spanKey); ok { // with TinyGo, == of two interfaces is made of reflection
		return c.span
	}
	if c.span != nil && c.span.t != nil {
		if bridge := c.span.t.tp.bridge; bridge != nil {
			if v := bridge(c.span, key); v != nil {
				return v
			}
		}
	}
	return c.beneath.Value(key)
}

// set puts a span on top of ctx. A span hides the one above it, and a chain of contexts that grew with each would be
// searched, and kept, from end to end: so the new one takes the other's place.
func (c *carrier) set(ctx context.Context, span *Span) {
	if above, ok := ctx.(*carrier); ok {
		ctx = above.beneath
	} else if ctx == nil {
		ctx = context.Background()
	}
	c.beneath, c.span = ctx, span
}

// handle is a span and the context that carries it. It is allocated with others of its trace, and never used again.
type handle struct {
	ctx  carrier
	span Span
}

func (h *handle) set(ctx context.Context, sc *SpanContext, t *localTrace, idx int) {
	h.ctx.set(ctx, &h.span)
	h.span.t, h.span.gen, h.span.idx, h.span.sc = t, t.gen, idx, *sc
}
