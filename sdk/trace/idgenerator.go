package trace

// IDGenerator makes the ids of a provider. It is called from many goroutines. In the place of a zero id, and of one whose making has
// panicked, a random one is taken.
type IDGenerator interface {
	NewTraceID() TraceID
	NewSpanID() SpanID
}

// newTrace begins a trace: its id, and the id of its first span unless an IDGenerator makes it.
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

// newSpanID asks the IDGenerator, which is not done under the trace's lock. The zero id is what there is without one.
func (tp *TracerProvider) newSpanID() (id SpanID) {
	if tp.config.IDs != nil {
		q := call{what: askSpanID}
		tp.ask(&q)
		id = q.spanID
	}
	return id
}
