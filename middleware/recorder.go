package middleware

import (
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// recorder is the ResponseWriter that the handler gets: the platform's, watched. Every call goes through first, so that
// what the client gets does not depend on it.
type recorder struct {
	fsthttp.ResponseWriter
	span    *trace.Span               // nil where nothing is recorded
	headers []httpconv.CapturedHeader // of the response, to record
	before  *exchangeContext          // its exchange is asked before the headers go out; nil where there is nothing to ask, or it was

	status  int // of the first final WriteHeader; 0 as long as nothing has been sent
	size    int64
	noSize  bool // a body of unknown size was appended
	closed  bool
	failure error // of the last Write or Close that failed
}

// WriteHeader passes the status on. The first that is final counts, as it does for the client.
func (w *recorder) WriteHeader(status int) {
	if status != fsthttp.StatusEarlyHints {
		w.announce()
	}
	w.ResponseWriter.WriteHeader(status)
	switch {
	case status == fsthttp.StatusEarlyHints:
	case status < 100 || status > 999:
		w.sent(fsthttp.StatusOK) // the platform refuses such a number, and the response goes out with the one it begins with
	default:
		w.sent(status)
	}
}

// Write passes p on.
func (w *recorder) Write(p []byte) (int, error) {
	w.announce()
	n, err := w.ResponseWriter.Write(p)
	w.sent(fsthttp.StatusOK)
	w.size += int64(n)
	return n, w.note(err)
}

// Append passes a backend's body on. Its size counts where the host knows it.
func (w *recorder) Append(body io.ReadCloser) error {
	if b, ok := body.(interface{ unwrap() io.ReadCloser }); ok {
		body = b.unwrap()
	}
	size, known := knownLength(body) // afterwards the body belongs to the response
	w.announce()
	err := w.ResponseWriter.Append(body)
	w.sent(fsthttp.StatusOK)
	if err == nil {
		w.size += size
		w.noSize = w.noSize || !known
	}
	return err // the handler's to deal with: most often the body is none of the platform's, and is copied instead
}

// Close closes the response early, which is the handler's right.
func (w *recorder) Close() error {
	w.announce()
	err := w.note(w.ResponseWriter.Close())
	w.closed = true
	w.sent(fsthttp.StatusOK)
	return err
}

// announce lets Config.OnHeaders add to headers that are about to go out.
//
//go:noinline
func (w *recorder) announce() {
	if c := w.before; c != nil {
		w.before = nil
		x := c.get()
		for i := range x.m.OnHeaders {
			x.m.ask(hookOnHeaders, i, x, nil)
		}
	}
}

// sent takes note of the moment in which the status and the headers go out.
func (w *recorder) sent(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	if w.span != nil {
		w.span.AddEvent("first_byte")
		httpconv.Record(w.span, w.headers, w.Header())
	}
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
