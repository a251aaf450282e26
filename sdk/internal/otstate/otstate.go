// Package otstate reads OpenTelemetry's member of the trace state, ot=th:…;rv:…, as
// https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/ defines it. th is the rejection threshold and rv is the
// randomness. Both have 56 bits and are written in hex. th is written without its trailing zeros.
package otstate

import "github.com/edgespan/edgespan/sdk/internal/hex"

// Key is the key of the member.
const Key = "ot"

// Digits is how many hex digits 56 bits have.
const Digits = 14

// Cut returns the first field of a member, and the fields after it.
//
//go:noinline
func Cut(member string) (field, rest string) {
	for i := 0; i < len(member); i++ {
		if member[i] == ';' {
			return member[:i], member[i+1:]
		}
	}
	return member, ""
}

// Is reports whether a field has this key.
func Is(field, key string) bool {
	return len(field) > len(key) && field[len(key)] == ':' && field[:len(key)] == key
}

// Field returns the value of the field with this key, and whether there is one.
func Field(member, key string) (string, bool) {
	for member != "" {
		var field string
		if field, member = Cut(member); Is(field, key) {
			return field[len(key)+1:], true
		}
	}
	return "", false
}

// Number parses up to 14 lowercase hex digits, the highest first. Missing digits are zeros.
func Number(digits string) (v uint64, ok bool) {
	if digits == "" || len(digits) > Digits {
		return 0, false
	}
	for i := range Digits {
		digit := byte(0)
		if i < len(digits) {
			digit = hex.Value(digits[i])
		}
		if digit > 15 {
			return 0, false
		}
		v = v<<4 | uint64(digit)
	}
	return v, true
}
