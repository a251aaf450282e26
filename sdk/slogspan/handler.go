package slogspan

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Handler is a [slog.Handler] that writes records with their span. See the package's text.
type Handler struct {
	out    *output
	pre    []byte   // the encoded attributes of WithAttrs, each with a comma after it, within the groups that are open
	groups []string // of WithGroup
	opened int      // how many of them pre opens
}

var _ slog.Handler = (*Handler)(nil)

// NewHandler returns a [Handler] that writes lines to w, each with one Write, and a newline at the end. At most one [Config] is
// looked at.
func NewHandler(w io.Writer, config ...Config) *Handler {
	var c Config
	if len(config) > 0 {
		c = config[0]
	}
	return &Handler{out: newOutput(w, c)}
}

// Enabled reports whether records of the level are written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.out.Level.Level()
}

// Handle takes a record. The error is that of a line that was written now.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	sc := trace.SpanFromContext(ctx).SpanContext()
	e := newEncoder(h.out)
	defer e.release()
	if !e.record(h, &r, &sc) {
		h.out.stats.droppedRecords.Add(1)
		h.out.report(errTooLarge)
		return errTooLarge
	}
	return h.out.add(e.buf, sc.TraceID, &r)
}

// WithAttrs returns a Handler whose records have attrs as well. They are encoded now.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	e := newEncoder(h.out)
	defer e.release()
	e.buf, e.open = append(e.buf, h.pre...), h.opened
	if !e.within(h, func() {
		for _, a := range attrs {
			e.attr(a)
		}
	}) {
		return h
	}
	return &Handler{out: h.out, pre: slices.Clone(e.buf), groups: h.groups, opened: len(h.groups)}
}

// WithGroup returns a Handler that puts all further attributes into the group.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &Handler{out: h.out, pre: h.pre, groups: append(slices.Clip(h.groups), name), opened: h.opened}
}

// AfterResponse makes records with a span wait for the rest of their trace, and returns the function that writes those of the
// trace that its context carries. It is for middleware.Config.AfterResponse: to be called once nobody waits for the request
// any more, and when nothing of it is logged any more. What fails goes to [Config.OnError].
//
// Records that have been waiting for ten seconds, since they were logged after the end of their request or since that takes long,
// leave with it.
func (h *Handler) AfterResponse() func(context.Context) {
	h.out.hold()
	return func(ctx context.Context) { _ = h.out.finish(trace.SpanFromContext(ctx).SpanContext().TraceID) }
}

// Flush writes all records that wait, whether ctx is done or not, and returns the first error. Call it before the program
// ends.
func (h *Handler) Flush(context.Context) error { return h.out.flush() }

// Stats returns the counts so far, of this Handler and all that came of it or that it came of by WithAttrs and WithGroup.
func (h *Handler) Stats() Stats { return h.out.stats.read() }
