package trace

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"

	"github.com/edgespan/edgespan/sdk/internal/hex"
)

// TraceID names a trace: 16 bytes, written as 32 lowercase hex digits. The zero value is invalid.
type TraceID [16]byte

// SpanID names a span within its trace: 8 bytes, written as 16 lowercase hex digits. The zero value is invalid.
type SpanID [8]byte

// IsValid reports whether the id is not zero.
func (id TraceID) IsValid() bool { return id != TraceID{} }

// IsValid reports whether the id is not zero.
func (id SpanID) IsValid() bool { return id != SpanID{} }

// AppendText appends the 32 hex digits. The error is always nil; it is there for encoding.TextAppender.
func (id TraceID) AppendText(dst []byte) ([]byte, error) { return hex.Append(dst, id[:]), nil }

// AppendText appends the 16 hex digits. The error is always nil; it is there for encoding.TextAppender.
func (id SpanID) AppendText(dst []byte) ([]byte, error) { return hex.Append(dst, id[:]), nil }

// String returns the 32 hex digits.
func (id TraceID) String() string {
	return hex.String(id[:])
}

// String returns the 16 hex digits.
func (id SpanID) String() string {
	return hex.String(id[:])
}

var (
	errTraceID = errors.New("trace: a trace id is 32 lowercase hex digits, not all zero")
	errSpanID  = errors.New("trace: a span id is 16 lowercase hex digits, not all zero")
)

// ParseTraceID reads 32 lowercase hex digits that are not all zero.
func ParseTraceID(s string) (TraceID, error) {
	var id TraceID
	if len(s) != 32 || !hex.Decode(id[:], s) || !id.IsValid() {
		return TraceID{}, errTraceID
	}
	return id, nil
}

// ParseSpanID reads 16 lowercase hex digits that are not all zero.
func ParseSpanID(s string) (SpanID, error) {
	var id SpanID
	if len(s) != 16 || !hex.Decode(id[:], s) || !id.IsValid() {
		return SpanID{}, errSpanID
	}
	return id, nil
}

// IDGenerator makes the ids of a provider. It is called from many goroutines, and must not return zero.
type IDGenerator interface {
	NewTraceID() TraceID
	NewSpanID() SpanID
}

// The runtime's generator is seeded by the host's randomness and takes no lock. It is not meant for secrets, and ids are none.

func newSpanID() (id SpanID) {
	binary.BigEndian.PutUint64(id[:], nonZero())
	return id
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

// newTrace begins a trace. The id of its first span is derived from the trace's, which is random already.
func newTrace(sc *SpanContext, short bool) {
	var high uint64
	if !short {
		high = rand.Uint64()
	}
	low := nonZero()
	binary.BigEndian.PutUint64(sc.TraceID[:8], high)
	binary.BigEndian.PutUint64(sc.TraceID[8:], low)
	binary.BigEndian.PutUint64(sc.SpanID[:], max(mix(high+splitmixStep*low), 1))
	sc.TraceFlags = FlagRandom
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
