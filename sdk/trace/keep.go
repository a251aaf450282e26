package trace

import "time"

// Keep is a set of rules that keep local traces which the sampler did not choose. The rules are asked when the root ends and
// the outcome of the request is known. A trace is exported if the sampler chose it or if any rule matches. The zero value has
// no rules.
//
// If any rule is set, every request is recorded, because its outcome is not known at the start. Only the traces that are
// exported are encoded and written, which takes most of the time.
//
// A trace that a rule keeps gets ot=th:0 in its trace state, which tells a backend that the trace stands for itself alone and
// not for a share of all traces. The rules are not asked about a trace that the sampler chose without a threshold, as [Always]
// does, since their answer would change nothing.
type Keep struct {
	Errors     bool          // keep a trace if one of its spans has ended with StatusError
	SlowerThan time.Duration // keep a trace if its root took longer; zero turns the rule off

	// If is asked last. It returns true to keep the trace. b holds the spans that have ended by then, the local root first. If
	// must not change b and must not keep it, since the exporter gets the same batch. If it panics, the panic is reported to
	// [Config.OnError] and the trace is kept.
	If func(b *Batch) bool
}

// Keeper is a [Keep]. It is an interface so that a program without rules links none of their code.
type Keeper interface {
	HasRules() bool
	matches(tp *TracerProvider, sampled bool, b *Batch) bool
	markKept(b *Batch)
}

// HasRules reports whether any rule is set.
func (k Keep) HasRules() bool { return k.Errors || k.SlowerThan > 0 || k.If != nil } // an IsZero that an interface calls would link 10 kB of reflection

// Matches reports whether a rule keeps a local trace, whatever the sampler said of it. b holds its spans, the root first. The
// provider asks by itself. Matches is for other code that decides by the same rules, and for tests of an If. It does not
// recover if If panics.
func (k Keep) Matches(b *Batch) bool {
	return len(b.Spans) > 0 && (k.seen(b) || k.If != nil && k.If(b))
}

// seen reports whether a rule other than If matches.
func (k Keep) seen(b *Batch) bool {
	root := &b.Spans[0]
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
	return false
}

// matches is Matches for the provider. The rules are asked only if their answer matters: if the sampler did not choose the
// trace, or if the threshold in its trace state says that the trace stands for several. If a rule matches, the trace stands for
// itself alone.
func (k Keep) matches(tp *TracerProvider, sampled bool, b *Batch) bool {
	if sampled && !hasThreshold(b.Spans[0].SpanContext.TraceState) {
		return false
	}
	return k.seen(b) || k.If != nil && k.ask(tp, b)
}

// ask calls If. If that panics, the trace is kept.
func (k Keep) ask(tp *TracerProvider, b *Batch) (keep bool) {
	defer func() {
		if v := recover(); v != nil {
			tp.ReportError(panicked("Keep.If", v))
			keep = true
		}
	}()
	return k.If(b)
}

// verdict is the final decision on a local trace.
type verdict uint8

const (
	drop verdict = iota
	keepBySampler
	keepByRule
)

// decide returns what becomes of the trace: kept by a rule, kept by the sampler, or dropped. It counts dropped traces.
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

// markKept is called for a trace that a rule keeps. It sets the trace state to the threshold 0, which says that the trace
// stands for itself alone. The sampled flag stays as it is: other processes were told that the trace is not sampled, and for
// them that is true.
func (k Keep) markKept(b *Batch) {
	state := TraceState{"ot=th:0"}
	for i := range b.Spans {
		own := &b.Spans[i].SpanContext.TraceState
		if i == 0 && !own.IsEmpty() { // the other spans have the root's trace state
			state = withThreshold(*own, 0, noRandomness)
		}
		*own = state
	}
}
