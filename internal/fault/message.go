// Package fault puts errors and recovered values into words, and writes errors to standard error if nobody else receives them.
// It imports only what every service links anyway.
package fault

import "strconv"

// Message returns the text of an error or of a recovered value, without package fmt. For an error, that is its text; for a
// string, the string; for an int, its digits. For other values it is the result of the String method, if there is one and the
// compiler is not TinyGo, and otherwise the name of the type. If the value's method panics, the text is also the name of the
// type.
func Message(value any) (text string) {
	text = TypeName(value)
	defer func() { _ = recover() }()
	switch v := value.(type) {
	case error:
		text = v.Error()
	case string:
		text = v
	case int: // panic(42)
		text = strconv.Itoa(v)
	default:
		text = said(value, text)
	}
	return text
}
