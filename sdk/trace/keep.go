package trace

import "time"

// Keep says which local traces are exported whatever the sampler said at their start. It is asked when the root ends and
// the outcome is known. The zero value keeps none.
//
// With any rule set every request is recorded, and only those kept are encoded: about the price of the spans, not of the lines.
type Keep struct {
	Errors     bool          // a span of the trace has StatusError
	SlowerThan time.Duration // the root took longer than this; zero turns the rule off

	// If is asked last. It sees the spans that have ended by then, and must neither keep them nor call methods of a Span.
	// A panic in it is reported to Config.OnError, and the trace is kept.
	If func(b *Batch) bool
}

func (k *Keep) isZero() bool { return !k.Errors && k.SlowerThan <= 0 && k.If == nil }

func (k *Keep) matches(tp *TracerProvider, b *Batch) (match bool) {
	if k.SlowerThan > 0 {
		if root := b.Root(); root != nil && root.End-root.Start > int64(k.SlowerThan) {
			return true
		}
	}
	if k.Errors {
		for i := range b.Spans {
			if b.Spans[i].Status.Code == StatusError {
				return true
			}
		}
	}
	if k.If == nil {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			tp.ReportError(&panicError{"Keep.If", v})
			match = true
		}
	}()
	return k.If(b)
}

// verdict is the last word on a local trace.
type verdict uint8

const (
	drop verdict = iota
	keepBySampler
	keepByRule
)

// decide asks the rules where their answer makes a difference: the sampler said no, or it said yes for a share of all
// requests, and a rule's match means that this one stands for itself alone.
func (tp *TracerProvider) decide(t *localTrace, b *Batch) verdict {
	standsForMany := !t.spans[0].SpanContext.TraceState.IsEmpty() && hasThreshold(t.spans[0].SpanContext.TraceState)
	if (!t.sampled || standsForMany) && !tp.keep.isZero() && tp.keep.matches(tp, b) {
		return keepByRule
	}
	if t.sampled {
		return keepBySampler
	}
	tp.stats.sampledOut.Add(1)
	return drop
}

// countOnce writes the sampling threshold of a trace that is always kept.
func countOnce(b *Batch) {
	for i := range b.Spans {
		sc := &b.Spans[i].SpanContext
		sc.TraceState = withThreshold(sc.TraceState, thresholdAlways, noRandomness)
	}
}
