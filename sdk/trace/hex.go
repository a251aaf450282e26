package trace

import "github.com/edgespan/edgespan/sdk/internal/hex"

// AppendHex appends two lowercase hex digits for each byte of src.
func AppendHex(dst, src []byte) []byte { return hex.Append(dst, src) }

// PutHex writes two lowercase hex digits for each byte of src to dst, which must have room for them.
func PutHex(dst, src []byte) { hex.Append(dst[:0:2*len(src)], src) }
