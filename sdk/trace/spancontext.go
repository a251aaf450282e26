package trace

// TraceFlags holds the eight flag bits of a traceparent header, https://www.w3.org/TR/trace-context-2/#trace-flags.
type TraceFlags byte

const (
	// FlagSampled says that the caller may have recorded the trace.
	FlagSampled TraceFlags = 1 << 0
	// FlagRandom says that the last seven bytes of the trace id were chosen at random (Trace Context level 2).
	FlagRandom TraceFlags = 1 << 1

	knownFlags = FlagSampled | FlagRandom
)

// IsSampled reports whether the sampled bit is set.
func (f TraceFlags) IsSampled() bool { return f&FlagSampled != 0 }

// IsRandom reports whether the random bit is set.
func (f TraceFlags) IsRandom() bool { return f&FlagRandom != 0 }

// SpanContext identifies a span to other processes. It is what trace headers carry.
type SpanContext struct {
	TraceID    TraceID
	SpanID     SpanID
	TraceFlags TraceFlags
	Remote     bool // the span belongs to another process
	TraceState TraceState
}

// IsValid reports whether neither id is zero.
func (sc SpanContext) IsValid() bool { return sc.isSet() }

func (sc *SpanContext) isSet() bool { return sc.TraceID.isSet() && sc.SpanID.isSet() }

// IsSampled reports whether the sampled flag is set.
func (sc SpanContext) IsSampled() bool { return sc.TraceFlags.IsSampled() }

// clone also copies the bytes of the trace state, so that nothing keeps memory of the caller's StartConfig, which can then stay
// on the caller's stack.
func (sc *SpanContext) clone() SpanContext {
	return SpanContext{sc.TraceID, sc.SpanID, sc.TraceFlags, sc.Remote, TraceState{string([]byte(sc.TraceState.members))}}
}
