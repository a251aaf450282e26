package middleware

import (
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// recorder is the ResponseWriter that the handler gets. It passes every call on to the platform's ResponseWriter and records
// what is sent, so the client gets the same response as without it.
type recorder struct {
	_    [0]func() // forbids ==, whose code would be linked
	to   fsthttp.ResponseWriter
	base *exchangeContext // leads to the exchange; a pointer to the exchange would link all of fsthttp, see exchangeContext

	status  int // of the first final WriteHeader; 0 until something has been sent
	size    int64
	noSize  bool  // a body of unknown size has been appended
	closed  bool  // the response has been closed, or the request is over
	failure error // of the last Write or Close that failed
}

// Header and SetManualFramingMode call the platform's methods. The interface is not embedded, because that would link each
// method twice.

func (w *recorder) Header() fsthttp.Header       { return w.to.Header() }
func (w *recorder) SetManualFramingMode(on bool) { w.to.SetManualFramingMode(on) }

// WriteHeader passes the status on. It records the first final status, which is the one that the client gets.
func (w *recorder) WriteHeader(status int) {
	switch {
	case status == fsthttp.StatusEarlyHints:
	case status < 100 || status > 999:
		w.begin(fsthttp.StatusOK) // the platform refuses this number, and the response keeps the 200 that it begins with
	default:
		w.begin(status)
	}
	w.to.WriteHeader(status)
}

// Write passes p on, and counts the bytes that were written.
func (w *recorder) Write(p []byte) (int, error) {
	w.begin(fsthttp.StatusOK)
	n, err := w.to.Write(p)
	w.size += int64(n)
	return n, w.note(err)
}

// Append passes a backend's body on, and adds its size if the host knows it.
func (w *recorder) Append(body io.ReadCloser) error {
	if b, ok := body.(interface{ unwrap() io.ReadCloser }); ok {
		body = b.unwrap()
	}
	size, known := knownLength(body) // must be asked first: after Append the body belongs to the response
	w.begin(fsthttp.StatusOK)
	err := w.to.Append(body)
	if err == nil {
		w.size += size
		w.noSize = w.noSize || !known
	}
	return err // not noted: most often the body is not the platform's, and the handler copies it instead
}

// Close closes the response before the handler returns, which a handler may do.
func (w *recorder) Close() error {
	w.begin(fsthttp.StatusOK)
	err := w.note(w.to.Close())
	w.closed = true
	return err
}

// begin is called just before the status and the headers are sent. The first time, it records the status, calls
// Config.OnHeaders and adds the event first_byte.
func (w *recorder) begin(status int) {
	if w.status != 0 || w.closed {
		return
	}
	w.status = status
	x := w.base.get()
	x.at(answering)
	x.span.AddEvent("first_byte")
}

// note records an error that the client has noticed. Errors after Close concern the handler alone.
func (w *recorder) note(err error) error {
	if err != nil && !w.closed {
		w.failure = err
	}
	return err
}

// knownLength returns the length of a body of the platform, if the host knows it.
func knownLength(body any) (int64, bool) {
	b, ok := body.(interface{ Length() (uint64, error) })
	if !ok {
		return 0, false
	}
	n, err := b.Length()
	return int64(n), err == nil
}
