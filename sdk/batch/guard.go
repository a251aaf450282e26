package batch

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Guard returns a [Sink] that calls s and corrects its faults. It is for code that sends without a [Processor], such as package
// wasi.
//
// If Count panics, the line counts as one span, so that it is not discarded. A panic in Send becomes an error. A Result never
// has more lines than were given and no negative numbers, and it has an error if lines are left. Rejected is not limited, since
// only the caller knows how many spans the settled lines have.
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
