package batch

import (
	"errors"

	"github.com/edgespan/edgespan/internal/fault"
)

var (
	errNoSink     = errors.New("batch: Config.Sink is missing, so there is nowhere to send to; all spans are dropped")
	errFull       = errors.New("batch: as many spans are held as Config.MaxSpans and MaxBytes allow; more are dropped until the receiver takes some")
	errTooLarge   = errors.New("batch: a line of a trace is longer than Config.MaxBytes and is dropped")
	errNotEncoded = errors.New("batch: a trace is dropped because Sink.Encode made no line of it; its spans may be larger than a request may be")
	errGivenUp    = errors.New("batch: spans are dropped after Config.Attempts failures")
	errLeft       = errors.New("batch: Sink.Send left lines unsent and returned no error")
	errNotYet     = errors.New("batch: the receiver has asked for a pause, which is not over")
	errLate       = errors.New("batch: a call of Config.Store takes long; until it returns, spans are held in memory only")
)

func panicked(where string, value any) error {
	return errors.New("batch: panic in " + where + ": " + fault.Message(value))
}

// givenUp wraps the last error that spans met before they were dropped.
type givenUp struct{ err error }

func (e *givenUp) Error() string { return errGivenUp.Error() + ": " + fault.Message(e.err) }
func (e *givenUp) Unwrap() error { return e.err }

// either returns the first of two errors that is not nil.
func either(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
