package traces

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Request is one local root, and what it did: a trace has one for each time that a service was asked. A local root is a
// span whose parent is remote, is not here, or is none.
type Request struct {
	Root  *Span
	Spans []*Span // the root first, and what is below it down to the next local roots

	// Rest tells that this is no request of its own but the end of one that was in the store before.
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

// Slowest returns how long the slowest request took, which is what the trace takes: within a request, times are those of one service and
// one piece of work.
func (t *Trace) Slowest() time.Duration {
	var longest time.Duration
	for _, r := range t.Requests() {
		longest = max(longest, r.Duration())
	}
	return longest
}

// Apart tells that the trace lasts longer than its slowest request, by more than a tenth. Then its requests are no part of one of them: a
// client has asked again and again, work has been left for later, or clocks differ.
func (t *Trace) Apart() bool {
	slowest := t.Slowest()
	return t.Duration()-slowest > slowest/10
}

// Newest returns when the newest request began that no other one here has asked for, or the newest log record where there are no
// spans: Unix nanoseconds, 0 where no time is known.
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

// asked tells whether spans of this kind are how a service is asked, whatever is known of their parents.
func asked(k trace.SpanKind) bool { return k == trace.SpanKindServer || k == trace.SpanKindConsumer }

// Duration is the time from the earliest start to the latest end.
func (r Request) Duration() time.Duration { return Between(bounds(r.Spans)) }

// Errors counts the spans whose status is an error.
func (r Request) Errors() int { return countErrors(r.Spans) }
