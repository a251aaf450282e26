// Package fault says what has failed: in words, and on standard error where nobody else is told. It imports no more than a service
// has anyway, and none of what fails.
package fault

import "strconv"

// Message returns the text of an error or of a recovered value without the help of fmt: its own, an int's digits, what its String method
// says (but with TinyGo), else its type's name.
// A value whose method panics is named by its type as well.
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
