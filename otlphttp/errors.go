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
	errNotOTLP  = errors.New("otlphttp: the answer is 200 and no OTLP: what stands behind Config.URL is no receiver of traces")
	errTooLarge = errors.New("otlphttp: a span is larger than Config.MaxBody")
)

// statusError is a response that is no success.
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
		text = "otlphttp: the receiver has rejected spans" // without their number, so that it is told once
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

// Permanent returns an error of a [Transport]'s Post for which another try is of no use before something is mended: a backend that does
// not exist. Export drops what it has; Send settles nothing, and counts no failure for it. Errors that it wraps are found by [errors.Is] and
// [errors.As].
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

// panicError carries a recovered panic to where errors are reported.
type panicError struct{ value any }

func (e *panicError) Error() string { return "panic in Transport.Post: " + fault.Message(e.value) }

// secretError is an error without the secrets in its text.
type secretError struct {
	text string
	err  error
}

func (e *secretError) Error() string { return e.text }
func (e *secretError) Unwrap() error { return e.err }

// redact takes the URL and what hide takes out of an error, which a receiver or a transport may have put there.
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

// hide takes the values of headers and of the URL's query out of a text.
func (e *Exporter) hide(text string) string {
	var values []string
	for _, h := range e.headers {
		if h.Name != "Content-Type" && h.Name != "Content-Encoding" {
			values = append(values, h.Value)
		}
	}
	return otlpanswer.Hide(text, e.url, values)
}
