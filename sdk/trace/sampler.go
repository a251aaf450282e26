package trace

import "math/rand/v2"

// Sampler decides, when the root of a local trace starts, whether the trace is recorded. Descendants of the root follow its
// decision. Sample may be called from several goroutines at the same time. If it panics, the panic is reported to
// [Config.OnError] and the trace is not sampled.
type Sampler interface {
	Sample(p SamplingParameters) SamplingResult
}

// SamplingParameters is what is known of a root when it starts.
type SamplingParameters struct {
	TraceID TraceID
	Parent  SpanContext // invalid if the trace begins here
	// TrustParent says that the sampler may follow Parent's sampled flag and trace state. If it is false, Parent.TraceState
	// comes without its ot member, which is about sampling.
	TrustParent bool
	// Name is the span's name. For a span of package middleware it is "{method} {route}" if the route is known at the start,
	// else the method.
	Name string
	Kind SpanKind

	_ [0]func() // forbids ==, whose code would be linked
}

// SamplingResult is a [Sampler]'s decision.
type SamplingResult struct {
	Sampled bool // record the local trace and export it
	Drop    bool // if Sampled is false: record nothing, and do not ask Keep

	// TraceState is the trace state of the new span and of its descendants. As in OpenTelemetry, the zero value is the empty
	// trace state, so a Sampler that does not change it must return SamplingParameters.Parent.TraceState. A Sampler that
	// chooses a share of all traces writes its threshold to it, as ot=th, as [Ratio] does. From it a backend estimates counts,
	// and [Keep] knows that its rules matter.
	TraceState TraceState

	_ [0]func() // forbids ==, whose code would be linked
}

// Always returns the [Sampler] that records every local trace.
func Always() Sampler { return always }

// Never returns the [Sampler] that records none. [Config.Keep] may still keep a trace in the end.
func Never() Sampler { return never }

// ParentBased returns the [Sampler] that follows the sampled flag of a trusted parent. It asks root about all other traces:
// those that begin here, and those whose parent is not trusted. If root is nil, it records those traces.
func ParentBased(root Sampler) Sampler {
	if root == nil {
		root = always
	}
	return &standardSampler{root: root}
}

// standardSampler implements Always and Never, and ParentBased if root is set. One type for all three is less code.
type standardSampler struct {
	_ [0]func() // forbids ==, whose code would be linked

	root Sampler
	word fixedDecision
}

var always, never = &standardSampler{word: alwaysYes}, &standardSampler{word: alwaysNo}

func (s *standardSampler) Sample(p SamplingParameters) SamplingResult {
	switch {
	case s.root == nil: // the parent's threshold does not hold here, but its randomness does: other processes use it too
		return SamplingResult{Sampled: s.word == alwaysYes, TraceState: withoutThreshold(p.Parent.TraceState)}
	case p.TrustParent && p.Parent.IsValid():
		return SamplingResult{Sampled: p.Parent.IsSampled(), TraceState: p.Parent.TraceState}
	}
	return s.root.Sample(p)
}

// fixedDecision is a decision that a Sampler takes about every trace that begins here, so that it need not be asked.
type fixedDecision = uint8

const (
	notFixed fixedDecision = iota
	alwaysNo
	alwaysYes
)

// fixedDecisionOf returns the fixed decision of s, if it has one. nil stands for the default, ParentBased(Always()).
func fixedDecisionOf(s Sampler) fixedDecision {
	if s == nil {
		return alwaysYes
	}
	if f, ok := s.(interface{ fixed() fixedDecision }); ok {
		return f.fixed()
	}
	return notFixed
}

func (s *standardSampler) fixed() fixedDecision {
	if s.root != nil {
		return fixedDecisionOf(s.root)
	}
	return s.word
}

// Ratio returns the [Sampler] that records a share of all traces. ratio is between 0 and 1; at or below 0, and for NaN, Ratio
// returns [Never], and at or above 1 it returns [Always].
//
// The sampler compares the last 56 bits of the trace id with a threshold. If a trusted parent's trace state carries randomness
// of its own, it compares that instead. So samplers with the same ratio choose the same traces, and a sampler with a higher
// ratio chooses these and more. The threshold is written to the trace state as ot=th. From it a backend calculates how many
// requests a trace stands for: https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/.
//
// A parent that is not trusted chose the trace id itself, and could have chosen one that is always sampled. For such a trace,
// the sampler draws new randomness and writes it to the trace state as ot=rv.
func Ratio(ratio float64) Sampler {
	if !(ratio > 0) { // NaN too
		return Never()
	}
	if ratio >= 1 {
		return Always()
	}
	threshold := thresholdOf(ratio)
	return &ratioSampler{threshold, withThreshold(TraceState{}, threshold, noRandomness)}
}

type ratioSampler struct {
	threshold uint64
	state     TraceState // of a trace that begins here
}

// Sample compares the randomness of the trace with the threshold.
func (s *ratioSampler) Sample(p SamplingParameters) SamplingResult {
	result := SamplingResult{Sampled: true, TraceState: s.state}
	state, randomness, fresh := p.Parent.TraceState, randomnessOf(p.TraceID), noRandomness
	if p.Parent.IsValid() && !p.TrustParent {
		fresh = rand.Uint64() & randomnessMask
		randomness, state = fresh, state.Without(otKey) // TracerProvider removes this member, but another Sampler may call this one with it
	} else if rv, ok := explicitRandomness(state); ok {
		randomness = rv
	}
	switch {
	case randomness < s.threshold && fresh != noRandomness:
		// The services behind the edge must use this randomness too, and not the trace id that a stranger chose.
		result.Sampled = false
		result.TraceState, _ = state.With(otKey, string(appendHex56([]byte("rv:"), fresh)))
	case randomness < s.threshold:
		result.Sampled, result.TraceState = false, withoutThreshold(state)
	case p.Parent.IsValid():
		result.TraceState = withThreshold(state, s.threshold, fresh)
	}
	return result
}
