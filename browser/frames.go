package browser

import "context"

// frames are what new spans are children of, the innermost last: the page's load, clicks, and runs of JavaScript. A load or a click
// may be over while others that began in it are on, such as the click on a label, which brings one on its input. It is marked then,
// and goes when it is the last.
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

// exit ends the innermost run, and all that is within it.
func (f *frames) exit() {
	for n := len(*f) - 1; n >= 0; n-- {
		last := (*f)[n]
		*f = (*f)[:n]
		if last.run {
			return
		}
	}
}

// active returns the context of the innermost that is on.
func (f *frames) active() context.Context {
	for n := len(*f) - 1; n >= 0; n-- {
		if last := (*f)[n]; !last.over {
			return last.ctx
		}
		*f = (*f)[:n]
	}
	return context.Background()
}
