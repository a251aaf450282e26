package trace

import "math/rand/v2"

// Sampler says at the start of a local trace whether it is recorded. Children follow their root.
type Sampler interface {
	Sample(p SamplingParameters) SamplingResult
}

// SamplingParameters is what is known of a root at its start.
type SamplingParameters struct {
	TraceID     TraceID
	Parent      SpanContext // invalid where a trace begins here
	TrustParent bool        // Parent's flag and trace state may be followed; else the state has no ot member, which is about sampling
	Name        string      // of the middleware's span: "{method} {route}" where the route is known by then, else the method
	Kind        SpanKind

	_ [0]func() // no ==, which would be code
}

// SamplingResult is a [Sampler]'s word.
type SamplingResult struct {
	Sampled bool
	Drop    bool // where Sampled is false: nothing is recorded, and Keep is not asked

	// TraceState is that of the new span, and of all that follow from it. The zero value is the empty one, as in OpenTelemetry:
	// a Sampler that has nothing to say here returns SamplingParameters.Parent.TraceState. One that says yes to a share of all
	// traces writes its threshold there, ot=th, as Ratio does: by that a backend counts, and Keep knows that its rules matter.
	TraceState TraceState

	_ [0]func() // no ==, which would be code
}

// Always returns the [Sampler] that says yes.
func Always() Sampler { return always }

// Never returns the [Sampler] that says no. Keep may still say yes in the end.
func Never() Sampler { return never }

// ParentBased returns the [Sampler] that follows the sampled flag of a trusted parent, and asks root about all others:
// traces that begin here, and those whose parent anybody could have sent. Where root is nil, all others are recorded.
func ParentBased(root Sampler) Sampler {
	if root == nil {
		root = always
	}
	return &standardSampler{root: root}
}

// standardSampler is Always and Never, and ParentBased where it has a root. One type for all is less code.
type standardSampler struct {
	_ [0]func() // no ==, which would be code

	root Sampler
	word fixedWord
}

var always, never = &standardSampler{word: alwaysYes}, &standardSampler{word: alwaysNo}

func (s *standardSampler) Sample(p SamplingParameters) SamplingResult {
	switch {
	case s.root == nil: // the parent's threshold does not hold here; the randomness that others go by does
		return SamplingResult{Sampled: s.word == alwaysYes, TraceState: withoutThreshold(p.Parent.TraceState)}
	case p.TrustParent && p.Parent.IsValid():
		return SamplingResult{Sampled: p.Parent.IsSampled(), TraceState: p.Parent.TraceState}
	}
	return s.root.Sample(p)
}

// fixedWord is what a Sampler says of every trace that begins here, so that it need not be asked.
type fixedWord = uint8

const (
	itDepends fixedWord = iota
	alwaysNo
	alwaysYes
)

// fixedWordOf takes nil for the default, ParentBased(Always()).
func fixedWordOf(s Sampler) fixedWord {
	if s == nil {
		return alwaysYes
	}
	if f, ok := s.(interface{ fixed() fixedWord }); ok {
		return f.fixed()
	}
	return itDepends
}

func (s *standardSampler) fixed() fixedWord {
	if s.root != nil {
		return fixedWordOf(s.root)
	}
	return s.word
}

// Ratio returns the [Sampler] that says yes to a share of all traces between 0 and 1. It compares the last 56 bits of the
// trace id, or the randomness that a trusted parent's trace state carries, with a threshold, so that everybody who samples
// a trace at this ratio or a higher one makes the same choice. The threshold is written to the trace state as ot=th, from
// which a backend reckons how many requests a trace stands for:
// https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/.
//
// A parent that is not trusted chose its trace id itself, and could have chosen one that is always sampled. Fresh
// randomness takes its place, and is written as ot=rv.
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

// Sample draws the line at the threshold.
func (s *ratioSampler) Sample(p SamplingParameters) SamplingResult {
	result := SamplingResult{Sampled: true, TraceState: s.state}
	state, randomness, fresh := p.Parent.TraceState, randomnessOf(p.TraceID), noRandomness
	if p.Parent.IsValid() && !p.TrustParent {
		fresh = rand.Uint64() & randomnessMask
		randomness, state = fresh, state.Without(otKey) // which has none, unless a Sampler asks this one as it likes
	} else if rv, ok := explicitRandomness(state); ok {
		randomness = rv
	}
	switch {
	case randomness < s.threshold && fresh != noRandomness:
		// Those behind the edge go by this number too, or else by a trace id that a stranger chose.
		result.Sampled = false
		result.TraceState, _ = state.With(otKey, string(appendHex56([]byte("rv:"), fresh)))
	case randomness < s.threshold:
		result.Sampled, result.TraceState = false, withoutThreshold(state)
	case p.Parent.IsValid():
		result.TraceState = withThreshold(state, s.threshold, fresh)
	}
	return result
}
