package trace

// IDGenerator makes the ids of a provider. Its methods are called from many goroutines. If one returns a zero id or panics, the
// provider uses a random id instead.
type IDGenerator interface {
	NewTraceID() TraceID
	NewSpanID() SpanID
}

// newIDs sets the span id of a root in sc, and the trace id unless sc has one already. It marks a random trace id as such.
func (t *localTrace) newIDs(sc *SpanContext) {
	if t.tp.config.IDs != nil {
		var q call
		if !sc.TraceID.isSet() {
			q.what = askTraceID
			t.tp.ask(&q)
			sc.TraceID = q.traceID
		}
		q.what = askSpanID
		t.tp.ask(&q)
		sc.SpanID = q.spanID
	}
	if !sc.TraceID.isSet() {
		sc.TraceFlags = FlagRandom
		id := sc.TraceID[:]
		if t.tp.config.ShortTraceIDs {
			id = id[8:]
		}
		t.ids.fill(id)
	}
	if !sc.SpanID.isSet() {
		t.ids.fill(sc.SpanID[:])
	}
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
