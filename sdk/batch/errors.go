package batch

import (
	"errors"

	"github.com/edgespan/edgespan/internal/fault"
)

var (
	errNoSink     = errors.New("batch: Config.Sink is missing, so there is nowhere to send to; all spans are dropped")
	errFull       = errors.New("batch: as many spans are held as Config.MaxSpans and MaxBytes allow; more are dropped until the receiver takes some")
	errTooLarge   = errors.New("batch: a line of a trace is longer than Config.MaxBytes, and dropped: nothing that is sent makes room for it")
	errNotEncoded = errors.New("batch: Sink.Encode makes no line of a trace, as where its spans are larger than a request may be; it is dropped")
	errGivenUp    = errors.New("batch: spans are dropped after Config.Attempts failures")
	errLeft       = errors.New("batch: Sink.Send has left lines without a word why")
	errNotYet     = errors.New("batch: the receiver has asked to be left alone for a while")
	errLate       = errors.New("batch: a call of Config.Store takes long; spans are held in memory meanwhile, and nobody waits for it")
)

func panicked(where string, value any) error {
	return errors.New("batch: panic in " + where + ": " + fault.Message(value))
}

// givenUp says that an error was the last that its spans met.
type givenUp struct{ err error }

func (e *givenUp) Error() string { return errGivenUp.Error() + ": " + fault.Message(e.err) }
func (e *givenUp) Unwrap() error { return e.err }

// either returns the first of two errors that is one.
func either(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
