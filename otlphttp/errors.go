package otlphttp

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/otlpanswer"
)

var (
	errNotOTLP  = errors.New("otlphttp: the answer is a page of HTML: the server at Config.URL is not a receiver of traces")
	errTooLarge = errors.New("otlphttp: a span is larger than Config.MaxBody")
)

// statusError is a response that is not a success.
type statusError struct {
	status  int
	message string
}

func (e *statusError) Error() string {
	text := "otlphttp: the receiver answers " + strconv.Itoa(e.status)
	if e.message != "" {
		text += ": " + e.message
	}
	return text
}

// partialError is a partial success, or a success with a warning.
type partialError struct {
	rejected int
	message  string
}

func (e *partialError) Error() string {
	text := "otlphttp: the receiver warns"
	if e.rejected > 0 {
		text = "otlphttp: the receiver has rejected spans" // without their number, so that it is reported once
	}
	if e.message != "" {
		text += ": " + e.message
	}
	return text
}

// sendError is a request without a response.
type sendError struct{ err error }

func (e *sendError) Error() string {
	if errors.Is(e.err, context.DeadlineExceeded) {
		return "otlphttp: no answer within Config.Timeout, or a shorter limit of the Transport's or the caller's"
	}
	return "otlphttp: " + fault.Message(e.err)
}
func (e *sendError) Unwrap() error { return e.err }

// Permanent wraps an error of a [Transport]'s Post. It says that another try is useless until something is repaired, for
// example because a backend does not exist. [Exporter.Export] then drops its spans. [Exporter.Send] then settles nothing and
// counts no failure for any line. [errors.Is] and [errors.As] find the wrapped error.
func Permanent(err error) error { return permanentError{err} }

type permanentError struct{ error }

func (permanentError) Permanent() bool { return true }
func (e permanentError) Unwrap() error { return e.error }

func isPermanent(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if p, ok := err.(interface{ Permanent() bool }); ok {
			return p.Permanent()
		}
	}
	return false
}

// panicError is a panic of the Transport.
type panicError struct{ value any }

func (e *panicError) Error() string { return "panic in Transport.Post: " + fault.Message(e.value) }

// secretError is an error whose text has been redacted.
type secretError struct {
	text string
	err  error
}

func (e *secretError) Error() string { return e.text }
func (e *secretError) Unwrap() error { return e.err }

// redact removes the URL, and what hide removes, from the text of an error of a receiver or a transport.
func (e *Exporter) redact(err error) error {
	if err == nil {
		return nil
	}
	was := err.Error()
	text := e.hide(strings.ReplaceAll(was, e.url, "Config.URL"))
	if text == was {
		return err
	}
	return &secretError{text, err}
}

// hide removes the values of headers and of the URL's query from a text.
func (e *Exporter) hide(text string) string {
	var values []string
	for _, h := range e.headers {
		if h.Name != "Content-Type" && h.Name != "Content-Encoding" {
			values = append(values, h.Value)
		}
	}
	return otlpanswer.Hide(text, e.url, values)
}
