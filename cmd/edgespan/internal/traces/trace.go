package traces

import (
	"container/list"
	"strconv"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Trace is the known spans with one trace id, and the log records that name it.
type Trace struct {
	ID    trace.TraceID // zero for spans without an id, each of which is a trace of its own
	Spans []*Span       // in the order of arrival
	Logs  []lines.Log

	Continued  bool // an earlier part was in the store before
	Duplicates int  // spans that were there already: a log service may deliver a line twice
	Dropped    int  // spans and log records above the limits

	Raw []*Line // the lines, if the store keeps them

	key     key
	bytes   int
	seen    map[trace.SpanID]*Span
	touched time.Time
	round   int // the store's round in which the trace was touched last
	shelf   *shelf
	place   *list.Element // on it
	rows    []Row
}

// Line is a line of input. It may contain several traces.
type Line struct {
	Text    []byte
	Written bool // for the writer, to write it once
}

// add adds a span, unless it is there already.
func (t *Trace) add(s *Span) bool {
	if first, ok := t.seen[s.SpanContext.SpanID]; !ok {
		t.seen[s.SpanContext.SpanID] = s
	} else if sameSpan(first, s) {
		t.Duplicates++
		if first.Open() { // the later line knows more
			*first, t.rows = *s, nil
		}
		return false
	}
	t.Spans, t.rows = append(t.Spans, s), nil
	return true
}

// sameSpan distinguishes a span that was delivered twice from two spans that have the same id by mistake.
func sameSpan(a, b *Span) bool {
	return a.Start == b.Start && a.Name == b.Name && (a.End == b.End || a.Open() || b.Open())
}

// Key identifies the trace: by its id, or by a unique number if it has none.
func (t *Trace) Key() string {
	if !t.ID.IsValid() {
		return "none-" + strconv.Itoa(t.key.n)
	}
	return t.ID.String()
}

// Root returns the span that describes the trace: one without a parent, or else one whose parent is not in the trace. It is nil if
// there are only log records.
func (t *Trace) Root() *Span {
	if rows := t.Rows(); len(rows) > 0 {
		return rows[0].Span
	}
	return nil
}

// Bounds returns the earliest start and the latest end. Spans without a start are ignored.
func (t *Trace) Bounds() (start, end int64) { return bounds(t.Spans) }

// Duration returns the time from the earliest start to the latest end.
func (t *Trace) Duration() time.Duration { return Between(t.Bounds()) }

// Errors counts the spans whose status is an error.
func (t *Trace) Errors() int { return countErrors(t.Spans) }

func bounds(spans []*Span) (start, end int64) {
	known := false
	for _, s := range spans {
		switch {
		case s.Start == 0:
		case !known:
			start, end, known = s.Start, s.Stop(), true
		default:
			start, end = min(start, s.Start), max(end, s.Stop())
		}
	}
	return start, end
}

func countErrors(spans []*Span) int {
	n := 0
	for _, s := range spans {
		if s.IsError() {
			n++
		}
	}
	return n
}

// Services returns the names of the services in the order of the tree.
func (t *Trace) Services() []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, r := range t.Rows() {
		if name := r.Span.Service(); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Complete tells whether each span has ended, and has its parent if that belongs to the same process.
func (t *Trace) Complete() bool {
	for _, r := range t.Rows() {
		if r.Span.Open() || r.Missing && !r.Span.ParentRemote {
			return false
		}
	}
	return len(t.Spans) > 0
}
