package browser

import "context"

// frames are the possible parents of new spans, the innermost last: the page load, clicks, and runs of JavaScript. A load or a click may
// end before a frame that began within it, such as a click on a label, which causes another on its input. It is then marked as over, and
// removed when it is the last.
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
