package trace

import (
	"encoding/binary"
	"errors"

	"github.com/edgespan/edgespan/sdk/internal/hex"
)

// TraceID identifies a trace. It has 16 bytes and is written as 32 lowercase hex digits. The zero value is invalid.
type TraceID [16]byte

// SpanID identifies a span within its trace. It has 8 bytes and is written as 16 lowercase hex digits. The zero value is
// invalid.
type SpanID [8]byte

// IsValid reports whether the id is not zero.
func (id TraceID) IsValid() bool { return id.isSet() }

// IsValid reports whether the id is not zero.
func (id SpanID) IsValid() bool { return id.isSet() }

// isSet is IsValid without a copy of the id. A comparison with == would also copy the array.
func (id *TraceID) isSet() bool {
	return binary.NativeEndian.Uint64(id[:8])|binary.NativeEndian.Uint64(id[8:]) != 0
}

func (id *SpanID) isSet() bool { return binary.NativeEndian.Uint64(id[:]) != 0 }

// AppendText appends the 32 hex digits to dst. It implements encoding.TextAppender; the error is always nil.
func (id TraceID) AppendText(dst []byte) ([]byte, error) { return hex.Append(dst, id[:]), nil }

// AppendText appends the 16 hex digits to dst. It implements encoding.TextAppender; the error is always nil.
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

// ParseTraceID parses 32 lowercase hex digits. It returns an error for any other text, and for the zero id.
func ParseTraceID(s string) (TraceID, error) {
	var id TraceID
	if !hex.Decode(id[:], s) || !id.IsValid() {
		return TraceID{}, errTraceID
	}
	return id, nil
}

// ParseSpanID parses 16 lowercase hex digits. It returns an error for any other text, and for the zero id.
func ParseSpanID(s string) (SpanID, error) {
	var id SpanID
	if !hex.Decode(id[:], s) || !id.IsValid() {
		return SpanID{}, errSpanID
	}
	return id, nil
}
