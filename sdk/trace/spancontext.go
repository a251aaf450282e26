package trace

// TraceFlags are the eight flag bits of a traceparent.
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

// SpanContext is what identifies a span to others: the part that crosses processes.
type SpanContext struct {
	TraceID    TraceID
	SpanID     SpanID
	TraceFlags TraceFlags
	Remote     bool // it came from another process
	TraceState TraceState
}

// IsValid reports whether both ids are set.
func (sc SpanContext) IsValid() bool { return sc.isSet() }

func (sc *SpanContext) isSet() bool { return sc.TraceID.isSet() && sc.SpanID.isSet() }

// IsSampled reports whether the sampled flag is set.
func (sc SpanContext) IsSampled() bool { return sc.TraceFlags.IsSampled() }

// clone copies the trace state's bytes too, so that nothing keeps what the caller's StartConfig points to, and that stays on its stack.
func (sc *SpanContext) clone() SpanContext {
	return SpanContext{sc.TraceID, sc.SpanID, sc.TraceFlags, sc.Remote, TraceState{string([]byte(sc.TraceState.members))}}
}
