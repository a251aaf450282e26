package trace

// IDGenerator makes the ids of a provider. Its methods are called from many goroutines. If one returns a zero id or panics, the
// provider uses a random id instead.
type IDGenerator interface {
	NewTraceID() TraceID
	NewSpanID() SpanID
}

// newTrace sets the trace id and the flags of a new trace in sc.
func (t *localTrace) newTrace(sc *SpanContext) {
	if t.tp.config.IDs != nil {
		q := call{what: askTraceID}
		t.tp.ask(&q)
		if sc.TraceID = q.traceID; sc.TraceID.isSet() {
			return
		}
	}
	sc.TraceFlags = FlagRandom
	id := sc.TraceID[:]
	if t.tp.config.ShortTraceIDs {
		id = id[8:]
	}
	t.ids.fill(id)
}

// newSpanID returns an id from the IDGenerator, or the zero id if there is no generator. The generator is the user's code, so
// newSpanID must be called without the trace's lock.
func (tp *TracerProvider) newSpanID() (id SpanID) {
	if tp.config.IDs != nil {
		q := call{what: askSpanID}
		tp.ask(&q)
		id = q.spanID
	}
	return id
}
