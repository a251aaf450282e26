package trace

import "context"

// Flusher is implemented by an [Exporter] that holds spans back.
type Flusher interface {
	// Flush hands on all spans that are held back. It returns when that is done, or when ctx is done.
	Flush(ctx context.Context) error
}

// DueFlusher is implemented by an [Exporter] that holds spans back for a time. It is for runtimes on which no code runs between
// requests, so that the exporter cannot watch the clock itself.
//
// middleware.ServeMany calls FlushDue before the first request and after each request, and calls [TracerProvider.Shutdown] at
// the end. Other callers of FlushDue must also call Flush or Shutdown in the end. An exporter may assume that nobody calls
// FlushDue until it has been called once.
type DueFlusher interface {
	// FlushDue hands on the spans that have been held back for long enough. It returns when that is done, or when ctx is done.
	FlushDue(ctx context.Context) error
}

// Shutdowner is implemented by an [Exporter] that does more at the end of the program than flush. For example, batch.Processor
// tries once more to send what its receiver has refused for now.
type Shutdowner interface {
	// Shutdown hands on all spans that are held back, for the last time. It returns when that is done, or when ctx is done.
	Shutdown(ctx context.Context) error
}

// Flush makes the exporter hand on what it holds back, and returns its error. It does nothing if the exporter is not a
// [Flusher].
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

// Shutdown is for the end of the program, when no request is being served any more. It shuts the exporter down if that is a
// [Shutdowner], and otherwise does the same as [TracerProvider.Flush]. It returns the exporter's error.
//
// Shutdown does not wait for open spans. Spans that end later still go to the exporter, and the exporter decides what becomes
// of them: batch.Processor drops and counts them. Further calls are passed on in the same way.
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

// FlushDue makes the exporter hand on what it has held back for long enough, and returns its error. It does nothing if the
// exporter is not a [DueFlusher].
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

// flush calls f, and turns a panic into an error. It is separate from ask, so that it is linked only into programs that flush.
func flush(ctx context.Context, name string, f func(context.Context) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(name, v)
		}
	}()
	return f(ctx)
}
