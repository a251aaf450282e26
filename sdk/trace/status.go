package trace

import "slices"

// StatusCode is the outcome of a span. The numbers are those of OTLP.
type StatusCode uint8

// The status codes, https://opentelemetry.io/docs/specs/otel/trace/api/#set-status. Instrumentation leaves spans without errors
// at [StatusUnset]. [StatusOK] is for an explicit decision by the developer that the span succeeded.
const (
	StatusUnset StatusCode = iota
	StatusOK
	StatusError
)

var statusNames = [...]string{"unset", "ok", "error"}

// String returns the name in lower case, such as "error". For a number that is no status code it returns "unset".
func (c StatusCode) String() string {
	if int(c) < len(statusNames) {
		return statusNames[c]
	}
	return statusNames[0]
}

// ParseStatusCode is the inverse of [StatusCode.String]. For an unknown name it returns [StatusUnset].
func ParseStatusCode(name string) StatusCode {
	return StatusCode(max(0, slices.Index(statusNames[:], name)))
}

// Status is a span's outcome. Only [StatusError] has a description.
type Status struct {
	Code        StatusCode
	Description string
}

// setStatus follows OpenTelemetry: OK is final, Unset changes nothing, and only an error has a description. In addition, an
// error without a description keeps the description of an earlier error.
func (d *SpanData) setStatus(code StatusCode, description string) {
	if code == StatusUnset || code > StatusError || d.Status.Code == StatusOK {
		return
	}
	if code != StatusError {
		description = ""
	} else if description == "" && d.Status.Code == StatusError {
		return // a middleware sets this for every 500, after a handler has given the reason
	}
	d.Status = Status{code, description}
}
