package trace

import "slices"

// StatusCode is the outcome of a span. The values are OTLP's.
type StatusCode uint8

// The status codes. Unset is what a span without errors normally has; Ok is for a person's final word.
const (
	StatusUnset StatusCode = iota
	StatusOK
	StatusError
)

var statusNames = [...]string{"unset", "ok", "error"}

// String returns the lowercase name.
func (c StatusCode) String() string {
	if int(c) < len(statusNames) {
		return statusNames[c]
	}
	return statusNames[0]
}

// ParseStatusCode is the inverse of [StatusCode.String]. An unknown name is [StatusUnset].
func ParseStatusCode(name string) StatusCode {
	return StatusCode(max(0, slices.Index(statusNames[:], name)))
}

// Status is a span's outcome. Only [StatusError] has a description.
type Status struct {
	Code        StatusCode
	Description string
}

// setStatus follows OpenTelemetry: Ok is final, Unset is no change, and only an error keeps its description. There is one
// thing more: an error without a description leaves what an earlier one has said.
func (d *SpanData) setStatus(code StatusCode, description string) {
	if code == StatusUnset || code > StatusError || d.Status.Code == StatusOK {
		return
	}
	if code != StatusError {
		description = ""
	} else if description == "" && d.Status.Code == StatusError {
		return // a middleware says this of each 500, behind a handler that has said why
	}
	d.Status = Status{code, description}
}
