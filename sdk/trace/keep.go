package trace

import "time"

// Keep says which local traces are exported whatever the sampler said at their start. It is asked when the root ends and
// the outcome is known. The zero value keeps none.
//
// With any rule set every request is recorded, since nobody knows yet how it ends. Only those that are kept are encoded and written,
// which is what takes most of the time. Rules are asked where their answer makes a difference: not for a trace that is exported anyway and
// stands for itself alone, as all do under [Always].
type Keep struct {
	Errors     bool          // a span that has ended by then has StatusError
	SlowerThan time.Duration // the root took longer than this; zero turns the rule off

	// If is asked last. It sees the spans that have ended by then, the local root first, and must neither keep nor change them: they
	// are what the exporter gets.
	// A panic in it is reported to Config.OnError, and the trace is kept.
	If func(b *Batch) bool
}

// Keeper is a [Keep], behind an interface so that a program without rules links none of it.
type Keeper interface {
	isZero() bool
	matches(tp *TracerProvider, sampled bool, b *Batch) bool
	markKept(b *Batch)
}

func (k Keep) isZero() bool { return !k.Errors && k.SlowerThan <= 0 && k.If == nil }

// matches reports whether a rule says yes to the trace. They are asked where that makes a difference: the sampler said no, or its yes
// stands for more traces than this one, by the threshold in the trace state, and a match means that this one stands for itself
// alone. b starts with the root.
func (k Keep) matches(tp *TracerProvider, sampled bool, b *Batch) bool {
	root := &b.Spans[0]
	if sampled && !hasThreshold(root.SpanContext.TraceState) {
		return false
	}
	if k.SlowerThan > 0 && root.End-root.Start > int64(k.SlowerThan) {
		return true
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
	return k.ask(tp, b)
}

// ask asks If. A rule that panics keeps the trace.
func (k Keep) ask(tp *TracerProvider, b *Batch) (keep bool) {
	defer func() {
		if v := recover(); v != nil {
			tp.ReportError(panicked("Keep.If", v))
			keep = true
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

// decide asks the rules what they keep, leaves the rest to the sampler, and counts what is not exported.
func (tp *TracerProvider) decide(t *localTrace, b *Batch) verdict {
	switch k := tp.config.Keep; {
	case k != nil && k.matches(tp, t.sampled, b):
		return keepByRule
	case t.sampled:
		return keepBySampler
	}
	tp.stats.sampledOut.Add(1)
	return drop
}

// markKept gives the spans of a trace that is kept by a rule the trace state of one that stands for itself alone. Their flags stay: others were told
// that the trace is not sampled, and that is so where they are.
func (k Keep) markKept(b *Batch) {
	state := TraceState{"ot=th:0"}
	for i := range b.Spans {
		own := &b.Spans[i].SpanContext.TraceState
		if i == 0 && !own.IsEmpty() { // the others have it from the root
			state = withThreshold(*own, 0, noRandomness)
		}
		*own = state
	}
}
