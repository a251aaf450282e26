package trace

import (
	"encoding/binary"
	"math/rand/v2"
)

// IDGenerator makes the ids of a provider. It is called from many goroutines, and must not return zero.
type IDGenerator interface {
	NewTraceID() TraceID
	NewSpanID() SpanID
}

// newTrace begins a trace: its id, and the id of its first span unless an IDGenerator makes it.
func (tp *TracerProvider) newTrace(sc *SpanContext) {
	if tp.config.IDs != nil {
		q := call{what: askTraceID}
		tp.ask(&q)
		if sc.TraceID = q.traceID; sc.TraceID.IsValid() {
			return
		}
	}
	randomTrace(sc, tp.config.ShortTraceIDs)
}

func (tp *TracerProvider) newSpanID() SpanID {
	if tp.config.IDs != nil {
		q := call{what: askSpanID}
		if tp.ask(&q); q.spanID.IsValid() {
			return q.spanID
		}
	}
	return randomSpanID()
}

// The runtime's generator is seeded by the host's randomness and takes no lock. It is not meant for secrets, and ids are none.

func randomSpanID() (id SpanID) {
	if small {
		randomBytes(id[:])
		return id
	}
	binary.BigEndian.PutUint64(id[:], nonZero())
	return id
}

// randomBytes fills half a trace id, or a span id. It is less code than byte orders are.
//
//go:noinline
func randomBytes(id []byte) {
	v := nonZero()
	for i := range id {
		id[i] = byte(v >> (8 * i))
	}
}

func nonZero() uint64 {
	for {
		if v := rand.Uint64(); v != 0 {
			return v
		}
	}
}

// spanIDs makes the ids of children, which need to be unique among the spans of a trace: it goes on from a random place in
// steps of splitmix64 (Steele, Lea, Flood, https://doi.org/10.1145/2714064.2660195), where no id comes twice and each takes a
// few instructions. Other processes that have a part in the trace go on from other places.
type spanIDs uint64

func newSpanIDs() spanIDs { return spanIDs(rand.Uint64()) }

const splitmixStep = 0x9e3779b97f4a7c15

func (g *spanIDs) next() (id SpanID) {
	for !id.IsValid() { // one of the ids is zero
		*g += splitmixStep
		binary.BigEndian.PutUint64(id[:], mix(uint64(*g)))
	}
	return id
}

// randomTrace begins a trace. Where it has to be quick, the id of its first span is derived from the trace's, which is random already.
func randomTrace(sc *SpanContext, short bool) {
	sc.TraceFlags = FlagRandom
	if small {
		if !short {
			randomBytes(sc.TraceID[:8])
		}
		randomBytes(sc.TraceID[8:])
		randomBytes(sc.SpanID[:])
		return
	}
	var high uint64
	if !short {
		high = rand.Uint64()
	}
	low := nonZero()
	binary.BigEndian.PutUint64(sc.TraceID[:8], high)
	binary.BigEndian.PutUint64(sc.TraceID[8:], low)
	binary.BigEndian.PutUint64(sc.SpanID[:], max(mix(high+splitmixStep*low), 1))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
