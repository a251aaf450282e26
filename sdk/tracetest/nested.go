package tracetest

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// AssertNested checks that all spans have ended, that none ends before its start, and that each starts and ends within the time
// of its parent, if the parent is among the spans.
func AssertNested(t TB, spans []trace.SpanData) {
	t.Helper()
	byID := index(spans)
	for i := range spans {
		d := &spans[i]
		switch {
		case d.End == 0:
			t.Errorf("span %q has not ended", d.Name)
			continue
		case d.End < d.Start:
			t.Errorf("span %q ends %v before its start", d.Name, time.Duration(d.Start-d.End))
			continue
		}
		at, ok := byID[parentOf(d)]
		if !ok {
			continue
		}
		p := &spans[at]
		if p.End != 0 && (d.Start < p.Start || d.End > p.End) {
			t.Errorf("span %q is not within its parent %q: it lasts from %v to %v after the parent's start, and the parent %v",
				d.Name, p.Name, time.Duration(d.Start-p.Start), time.Duration(d.End-p.Start), time.Duration(p.End-p.Start))
		}
	}
}

// spanKey identifies a span among the spans of several traces.
type spanKey struct {
	trace trace.TraceID
	span  trace.SpanID
}

func parentOf(d *trace.SpanData) spanKey { return spanKey{d.SpanContext.TraceID, d.ParentSpanID} }

// index returns the index of each span, by its key.
func index(spans []trace.SpanData) map[spanKey]int {
	byID := make(map[spanKey]int, len(spans))
	for i := range spans {
		sc := &spans[i].SpanContext
		key := spanKey{sc.TraceID, sc.SpanID}
		if _, taken := byID[key]; !taken && sc.SpanID.IsValid() {
			byID[key] = i
		}
	}
	return byID
}
