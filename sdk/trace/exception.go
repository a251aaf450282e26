package trace

import "github.com/edgespan/edgespan/internal/fault"

// ExceptionEvent is the name of the event that records an error or a panic,
// https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/.
const ExceptionEvent = "exception"

func exceptionAttributes(err error) []Attribute {
	return []Attribute{String("exception.type", fault.TypeName(err)), String("exception.message", fault.Message(err))}
}
