package traces

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Request is a local root with the spans below it. A trace has one for each time that a service was called. A local root is a span
// that has no parent, or whose parent is remote or not in the store.
type Request struct {
	Root  *Span
	Spans []*Span // the root first, then the spans below it, up to the next local roots

	// Rest means that this is not a whole request, but the end of one that was in the store before.
	Rest bool
}

// Requests returns the trace's requests in reading order.
func (t *Trace) Requests() []Request {
	var all []Request
	rows := t.Rows()
	in := make([]int, len(rows)) // the request that each row belongs to
	for i, r := range rows {
		if r.Parent >= 0 && !r.Span.ParentRemote {
			in[i] = in[r.Parent]
			all[in[i]].Spans = append(all[in[i]].Spans, r.Span)
			continue
		}
		in[i] = len(all)
		rest := t.Continued && r.Missing && !r.Span.ParentRemote && !asked(r.Span.Kind)
		all = append(all, Request{Root: r.Span, Spans: []*Span{r.Span}, Rest: rest})
	}
	return all
}

// Slowest returns the duration of the slowest request, which is shown as the duration of the trace. Within a request, all times are
// those of one service and one piece of work.
func (t *Trace) Slowest() time.Duration {
	var longest time.Duration
	for _, r := range t.Requests() {
		longest = max(longest, r.Duration())
	}
	return longest
}

// Apart tells whether the trace lasts more than a tenth longer than its slowest request. Then its requests are not parts of one
// request: a client called repeatedly, work was done later, or clocks differ.
func (t *Trace) Apart() bool {
	slowest := t.Slowest()
	return t.Duration()-slowest > slowest/10
}

// Newest returns the start of the newest request that no other request in the store made. If there are no spans, it is the time of
// the newest log record. In Unix nanoseconds; 0 if no time is known.
func (t *Trace) Newest() int64 {
	var newest int64
	for _, r := range t.Rows() {
		if r.Parent < 0 {
			newest = max(newest, r.Span.Start)
		}
	}
	if len(t.Spans) == 0 {
		for _, l := range t.Logs {
			newest = max(newest, l.Time)
		}
	}
	return newest
}

// asked tells whether a span of this kind begins a request, whatever is known about its parent.
func asked(k trace.SpanKind) bool { return k == trace.SpanKindServer || k == trace.SpanKindConsumer }

// Duration is the time from the earliest start to the latest end.
func (r Request) Duration() time.Duration { return Between(bounds(r.Spans)) }

// Errors counts the spans whose status is an error.
func (r Request) Errors() int { return countErrors(r.Spans) }
