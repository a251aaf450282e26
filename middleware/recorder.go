package middleware

import (
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// recorder is the ResponseWriter that the handler gets: the platform's, watched. Every call goes through as it is, so that
// what the client gets does not depend on it.
type recorder struct {
	_     [0]func() // no ==
	to    fsthttp.ResponseWriter
	below *exchangeContext // for its exchange, to which there is no pointer here either

	status  int // of the first final WriteHeader; 0 as long as nothing has been sent
	size    int64
	noSize  bool  // a body of unknown size was appended
	closed  bool  // or the request is over
	failure error // of the last Write or Close that failed
}

// Header and SetManualFramingMode are the platform's. They are not embedded, which would make each method twice.

func (w *recorder) Header() fsthttp.Header       { return w.to.Header() }
func (w *recorder) SetManualFramingMode(on bool) { w.to.SetManualFramingMode(on) }

// WriteHeader passes the status on. The first that is final counts, as it does for the client.
func (w *recorder) WriteHeader(status int) {
	switch {
	case status == fsthttp.StatusEarlyHints:
	case status < 100 || status > 999:
		w.begin(fsthttp.StatusOK) // the platform refuses such a number, and the response goes out with the one it begins with
	default:
		w.begin(status)
	}
	w.to.WriteHeader(status)
}

// Write passes p on.
func (w *recorder) Write(p []byte) (int, error) {
	w.begin(fsthttp.StatusOK)
	n, err := w.to.Write(p)
	w.size += int64(n)
	return n, w.note(err)
}

// Append passes a backend's body on. Its size counts where the host knows it.
func (w *recorder) Append(body io.ReadCloser) error {
	if b, ok := body.(interface{ unwrap() io.ReadCloser }); ok {
		body = b.unwrap()
	}
	size, known := knownLength(body) // afterwards the body belongs to the response
	w.begin(fsthttp.StatusOK)
	err := w.to.Append(body)
	if err == nil {
		w.size += size
		w.noSize = w.noSize || !known
	}
	return err // the handler's to deal with: most often the body is none of the platform's, and is copied instead
}

// Close closes the response early, which is the handler's right.
func (w *recorder) Close() error {
	w.begin(fsthttp.StatusOK)
	err := w.note(w.to.Close())
	w.closed = true
	return err
}

// begin lets Config.OnHeaders add to the headers, and takes note of the moment in which they and the status go out.
func (w *recorder) begin(status int) {
	if w.status != 0 || w.closed {
		return
	}
	w.status = status
	x := w.below.get()
	x.at(answering)
	x.span.AddEvent("first_byte")
}

// note keeps an error that the client has felt: what fails after Close fails for the handler alone.
func (w *recorder) note(err error) error {
	if err != nil && !w.closed {
		w.failure = err
	}
	return err
}

// knownLength asks the platform's body for its length.
func knownLength(body any) (int64, bool) {
	b, ok := body.(interface{ Length() (uint64, error) })
	if !ok {
		return 0, false
	}
	n, err := b.Length()
	return int64(n), err == nil
}
