// Package httpheader tells what a user may set as a header of a request that carries OTLP.
package httpheader

import "strings"

// Valid reports whether a request can have the header: its name is a token and not one of those that belong to the exporter, and
// there are no control characters in its value.
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
