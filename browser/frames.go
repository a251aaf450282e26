package browser

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// frames are the possible parents of new spans, the innermost last: the page load, clicks, route changes, and runs of JavaScript. Of these,
// only a run always ends after the frames that began within it. The others are marked as over, and removed when they are the last.
type frames []*frame

type frame struct {
	ctx  context.Context
	run  bool
	over bool
}

func (f *frames) enter(ctx context.Context, run bool) *frame {
	f.active()
	in := &frame{ctx: ctx, run: run}
	*f = append(*f, in)
	return in
}

// insert enters a frame below all runs. It stays when they are over.
func (f *frames) insert(ctx context.Context) *frame {
	at := 0
	for at < len(*f) && !(*f)[at].run {
		at++
	}
	in := &frame{ctx: ctx}
	*f = append((*f)[:at], append(frames{in}, (*f)[at:]...)...)
	return in
}

// exit removes the innermost run, and all frames within it.
func (f *frames) exit() {
	for n := len(*f) - 1; n >= 0; n-- {
		last := (*f)[n]
		*f = (*f)[:n]
		if last.run {
			return
		}
	}
}

// active returns the context of the innermost frame that is not over.
func (f *frames) active() context.Context {
	for n := len(*f) - 1; n >= 0; n-- {
		if last := (*f)[n]; !last.over {
			return last.ctx
		}
		*f = (*f)[:n]
	}
	return context.Background()
}

// span returns the frame's span.
func (f *frame) span() *trace.Span { return trace.SpanFromContext(f.ctx) }

// id returns the id of the frame's span, by which npm/settled.mjs knows the frame.
func (f *frame) id() string { return f.span().SpanContext().SpanID.String() }

// named returns the frame with this id, or nil.
func (f frames) named(id string) *frame {
	for _, frame := range f {
		if frame.id() == id {
			return frame
		}
	}
	return nil
}

// open returns the frames that are not over.
func (f frames) open() frames {
	kept := f[:0]
	for _, frame := range f {
		if !frame.over {
			kept = append(kept, frame)
		}
	}
	return kept
}
