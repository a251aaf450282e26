package batch

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Guard returns a [Sink] that calls s, for who sends without a [Processor], as package wasi does. A line in which Count panics has one
// span, so that it is not thrown away for that; a panic in Send is an error. A Result has no more lines than there are, nothing
// below zero, and an error where lines are left; Rejected is up to the caller, who knows how many spans the settled lines have.
func Guard(s Sink) Sink { return &guarded{s} }

type guarded struct{ Sink }

func (g *guarded) Count(line []byte) (spans int) {
	defer func() {
		if recover() != nil {
			spans = 1
		}
	}()
	return max(0, g.Sink.Count(line))
}

func (g *guarded) Send(ctx context.Context, lines [][]byte) (r Result) {
	defer func() {
		if v := recover(); v != nil {
			r = Result{Err: panicked("Sink.Send", v)}
		}
		r.Lines = min(max(r.Lines, 0), len(lines))
		r.Untried = min(max(r.Untried, 0), len(lines)-r.Lines)
		r.Rejected, r.RetryAfter = max(r.Rejected, 0), max(r.RetryAfter, 0)
		if r.Lines < len(lines) && r.Err == nil {
			r.Err = errLeft
		}
	}()
	return g.Sink.Send(ctx, lines)
}

func (g *guarded) DetectResource() []trace.Attribute {
	defer func() { _ = recover() }()
	if d, ok := g.Sink.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}
