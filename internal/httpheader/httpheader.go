// Package httpheader checks headers that a user sets for requests that carry OTLP.
package httpheader

import "strings"

// Valid reports whether a request can have the header. The name must be a token that does not belong to the exporter, and the
// value must have no control characters.
func Valid(name, value string) bool {
	switch strings.ToLower(name) {
	case "", "content-type", "content-encoding", "content-length", "transfer-encoding", "host":
		return false
	}
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
