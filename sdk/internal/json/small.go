//go:build wasm || edgespan_small

package json

import "strconv"

// AppendText appends the characters of a string without the quotes. It escapes control characters, U+2028 and U+2029, and
// replaces each byte that is not UTF-8 by U+FFFD.
func AppendText(dst []byte, s string) []byte { return appendEscaped(dst, s) }

// AppendUint appends v in decimal.
func AppendUint(dst []byte, v uint64) []byte { return strconv.AppendUint(dst, v, 10) }

// AppendInt appends v in decimal.
func AppendInt(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }
