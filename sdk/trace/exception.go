package trace

import "strconv"

// ExceptionEvent is the name of the event that records an error or a panic,
// https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/.
const ExceptionEvent = "exception"

// Message returns the text of an error or of a recovered value without the help of fmt: its own, an int's digits, what its String method
// says (but with TinyGo), else its type's name.
// A value whose method panics is named by its type as well. It is for Edgespan's own packages.
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

func exceptionAttributes(err error) []Attribute {
	return []Attribute{String("exception.type", TypeName(err)), String("exception.message", Message(err))}
}
