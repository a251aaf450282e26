package trace

import "context"

// Flusher is what an [Exporter] that holds spans back implements as well.
type Flusher interface {
	// Flush hands on all that is held, and returns when it is done or ctx is.
	Flush(ctx context.Context) error
}

// DueFlusher is what an [Exporter] implements that holds spans back for a time, for runtimes where nothing runs between requests that
// could look at the clock. middleware.ServeMany calls FlushDue before the first request and after each, and
// [TracerProvider.Shutdown] at the end. Whoever else calls FlushDue promises to call Flush or Shutdown as well: an exporter whose FlushDue has not been called may assume that nobody will.
type DueFlusher interface {
	// FlushDue hands on what has been held for long enough, and returns when it is done or ctx is.
	FlushDue(ctx context.Context) error
}

// Shutdowner is what an [Exporter] implements that has a last word to say: batch.Processor tries once more to send what its receiver did
// not want yet.
type Shutdowner interface {
	// Shutdown hands on all that is held, for the last time, and returns when it is done or ctx is.
	Shutdown(ctx context.Context) error
}

// Flush makes the exporter hand on what it holds back. It does nothing where the exporter holds nothing back.
func (tp *TracerProvider) Flush(ctx context.Context) error {
	if tp == nil {
		return nil
	}
	f, ok := tp.config.Exporter.(Flusher)
	if !ok {
		return nil
	}
	return flush(ctx, "Exporter.Flush", f.Flush)
}

// Shutdown is for the end of the program: it shuts the exporter down where that is a [Shutdowner], and is [TracerProvider.Flush] where it is
// not. Spans that end later go to the exporter as before, and it is the exporter that refuses them: batch.Processor drops and counts them.
// Call it when no request is being served any more. It does not wait for spans that are open. Further calls are passed on as the first.
func (tp *TracerProvider) Shutdown(ctx context.Context) error {
	if tp == nil {
		return nil
	}
	s, ok := tp.config.Exporter.(Shutdowner)
	if !ok {
		return tp.Flush(ctx)
	}
	return flush(ctx, "Exporter.Shutdown", s.Shutdown)
}

// FlushDue makes the exporter hand on what it has held back for long enough. It does nothing where the exporter is no
// [DueFlusher].
func (tp *TracerProvider) FlushDue(ctx context.Context) error {
	if tp == nil {
		return nil
	}
	f, ok := tp.config.Exporter.(DueFlusher)
	if !ok {
		return nil
	}
	return flush(ctx, "Exporter.FlushDue", f.FlushDue)
}

// flush is not by way of ask, so that a program that does not flush has none of this.
func flush(ctx context.Context, name string, f func(context.Context) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(name, v)
		}
	}()
	return f(ctx)
}
