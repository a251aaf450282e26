package trace

import (
	"encoding/binary"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/otstate"
)

// This file reads and writes OpenTelemetry's member of the trace state, as the specification of probability sampling defines
// it. See package otstate.
const (
	otKey          = otstate.Key
	randomnessMask = 1<<56 - 1
	noRandomness   = uint64(1) << 63
)

// thresholdOf returns 1-ratio as a number of 56 bits. ratio is above 0 and below 1. The threshold of the smallest ratio still
// lets one value pass.
func thresholdOf(ratio float64) uint64 {
	return min(uint64((1-ratio)*(1<<56)), randomnessMask)
}

func randomnessOf(id TraceID) uint64 {
	var v uint64
	for _, b := range id[9:] {
		v = v<<8 | uint64(b)
	}
	return v
}

func explicitRandomness(ts TraceState) (uint64, bool) {
	rv, _ := otstate.Field(ts.Get(otKey), "rv")
	v, ok := otstate.Number(rv)
	return v, ok && len(rv) == otstate.Digits
}

func hasThreshold(ts TraceState) bool {
	_, ok := otstate.Field(ts.Get(otKey), "th")
	return ok
}

// withThreshold sets th, adds rv unless randomness is noRandomness, and keeps the other fields of the member.
func withThreshold(ts TraceState, threshold, randomness uint64) TraceState {
	ot := appendHex56([]byte("th:"), threshold)
	for len(ot) > len("th:0") && ot[len(ot)-1] == '0' {
		ot = ot[:len(ot)-1]
	}
	if randomness != noRandomness {
		ot = appendHex56(append(ot, ";rv:"...), randomness)
	}
	ot = appendFields(ot, ts.Get(otKey))
	if out, err := ts.With(otKey, string(ot)); err == nil {
		return out
	}
	return ts.Without(otKey) // with the other fields, the member is too long
}

// withoutThreshold removes th, which does not hold any more, and keeps the other fields of the member.
func withoutThreshold(ts TraceState) TraceState {
	if kept := appendFields(nil, ts.Get(otKey)); len(kept) > 0 {
		if out, err := ts.With(otKey, string(kept[1:])); err == nil {
			return out
		}
	}
	return ts.Without(otKey)
}

// appendFields appends the fields of a member except th, each with a semicolon before it.
func appendFields(dst []byte, member string) []byte {
	for rest := member; rest != ""; {
		var field string
		if field, rest = otstate.Cut(rest); !otstate.Is(field, "th") {
			dst = append(append(dst, ';'), field...)
		}
	}
	return dst
}

func appendHex56(dst []byte, v uint64) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], v)
	return hex.Append(dst, b[1:])
}
