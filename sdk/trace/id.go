package trace

import (
	"encoding/binary"
	"errors"

	"github.com/edgespan/edgespan/sdk/internal/hex"
)

// TraceID names a trace: 16 bytes, written as 32 lowercase hex digits. The zero value is invalid.
type TraceID [16]byte

// SpanID names a span within its trace: 8 bytes, written as 16 lowercase hex digits. The zero value is invalid.
type SpanID [8]byte

// IsValid reports whether the id is not zero.
func (id TraceID) IsValid() bool { return id.isSet() }

// IsValid reports whether the id is not zero.
func (id SpanID) IsValid() bool { return id.isSet() }

// isSet is IsValid without a copy of the id, which == of arrays makes as well.
func (id *TraceID) isSet() bool {
	return binary.NativeEndian.Uint64(id[:8])|binary.NativeEndian.Uint64(id[8:]) != 0
}

func (id *SpanID) isSet() bool { return binary.NativeEndian.Uint64(id[:]) != 0 }

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
	if !hex.Decode(id[:], s) || !id.IsValid() {
		return TraceID{}, errTraceID
	}
	return id, nil
}

// ParseSpanID reads 16 lowercase hex digits that are not all zero.
func ParseSpanID(s string) (SpanID, error) {
	var id SpanID
	if !hex.Decode(id[:], s) || !id.IsValid() {
		return SpanID{}, errSpanID
	}
	return id, nil
}
