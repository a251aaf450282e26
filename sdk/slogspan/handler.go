package slogspan

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Handler is a [slog.Handler] that writes records with their span, see the package documentation. [NewHandler] makes one. Its
// methods may be called from any goroutine.
type Handler struct {
	out    *output
	pre    []byte   // the encoded attributes of WithAttrs, each with a comma after it, including the groups that they open
	groups []string // the groups of WithGroup
	opened int      // how many of groups pre opens
}

var _ slog.Handler = (*Handler)(nil)

// NewHandler returns a [Handler] that writes lines to w. Each line is one Write, and ends with a newline. Only the first
// [Config] is used.
func NewHandler(w io.Writer, config ...Config) *Handler {
	var c Config
	if len(config) > 0 {
		c = config[0]
	}
	return &Handler{out: newOutput(w, c)}
}

// Enabled reports whether records of this level are written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.out.Level.Level()
}

// Handle encodes a record, and writes it or lets it wait. It returns an error if the record does not fit into a line, or if a
// line that is written now fails.
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

// WithAttrs returns a Handler whose records also have attrs, which are encoded now.
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

// WithGroup returns a Handler that puts all further attributes into a group with this name.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &Handler{out: h.out, pre: h.pre, groups: append(slices.Clip(h.groups), name), opened: h.opened}
}

// AfterResponse makes records with a span wait for the other records of their trace. It returns a function that writes the
// waiting records of the trace in its context. Put the function into middleware.Config.AfterResponse, or call it yourself when
// nobody waits for the request any more and nothing more of it will be logged. Errors go to [Config.OnError].
//
// The function also writes records of other traces that have waited for ten seconds, for example because they were logged after
// the end of their request.
func (h *Handler) AfterResponse() func(context.Context) {
	h.out.hold()
	return func(ctx context.Context) { _ = h.out.finish(trace.SpanFromContext(ctx).SpanContext().TraceID) }
}

// Flush writes all waiting records and returns the first error. It ignores the end of ctx. Call it before the program ends.
func (h *Handler) Flush(context.Context) error { return h.out.flush() }

// Stats returns the counts so far. They include all Handlers that come from the same NewHandler by WithAttrs and WithGroup.
func (h *Handler) Stats() Stats { return h.out.stats.read() }
