package workers

import (
	"io"
	"net/http"
)

// recorder is the ResponseWriter that the handler gets. It passes every call on to the platform's ResponseWriter, and records
// what it sees.
type recorder struct {
	under     http.ResponseWriter
	outer     http.ResponseWriter // the writer for the handler: this one, perhaps with more methods
	x         *exchange
	announced bool

	status  int // 0 if the handler has not set it
	size    int64
	sent    bool // the first byte has been written
	raw     bool // the body is a JavaScript stream, whose size is not known
	failure error
}

func (w *recorder) init(under http.ResponseWriter, x *exchange) {
	w.under, w.x = under, x
	w.outer = w.withStreams()
}

// Header returns the platform's header.
func (w *recorder) Header() http.Header { return w.under.Header() }

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.under }

// WriteHeader passes the status on. In syumai/workers the last status before the first byte counts; in net/http the first final
// one does.
func (w *recorder) WriteHeader(status int) {
	final := status < 100 || status >= 200 || status == http.StatusSwitchingProtocols
	if final && headersGoWithStatus {
		w.announce()
	}
	w.under.WriteHeader(status)
	if final && !w.sent && (w.status == 0 || !headersGoWithStatus) {
		w.status = status
	}
}

// Write passes p on. If the status allows no body, it returns an error instead: syumai/workers' Write would block forever,
// since nobody reads the body, and the trace would not be sent.
func (w *recorder) Write(p []byte) (int, error) {
	w.begin()
	if ready, ok := w.under.(interface{ Ready() }); ok && withoutBody(w.status) {
		ready.Ready() // syumai/workers' Write begins with this too: it sends the response
		return 0, http.ErrBodyNotAllowed
	}
	n, err := w.under.Write(p)
	w.size += int64(n)
	if err != nil && err != http.ErrBodyNotAllowed {
		w.failure = err
	}
	return n, err
}

// withoutBody reports whether a JavaScript Response with this status has no body:
// https://fetch.spec.whatwg.org/#null-body-status.
func withoutBody(status int) bool {
	switch status {
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return false
}

// Flush passes the call on if the platform's writer has a Flush. In net/http it sends the status and headers; in syumai/workers
// it does nothing.
func (w *recorder) Flush() {
	if f, ok := w.under.(http.Flusher); ok {
		if headersGoWithStatus {
			w.begin()
		}
		f.Flush()
	}
}

// ReadFrom copies r with the platform's ReadFrom. It copies the first bytes itself, because the response begins with the first
// byte of r, and does not begin if there is none.
func (w *recorder) ReadFrom(r io.Reader) (n int64, err error) {
	rf, ok := w.under.(io.ReaderFrom)
	if !ok {
		return io.Copy(onlyWriter{w}, r)
	}
	if !w.sent {
		n, err = io.CopyN(onlyWriter{w}, r, beginning)
	}
	if err == nil {
		var rest int64
		rest, err = rf.ReadFrom(r)
		w.size += rest
		n += rest
	}
	if err == io.EOF {
		return n, nil
	}
	if err != nil && err != http.ErrBodyNotAllowed && w.sent {
		w.failure = err
	}
	return n, err
}

// beginning is the number of bytes that net/http also copies separately, to detect the content type.
const beginning = 512

// onlyWriter hides ReadFrom.
type onlyWriter struct{ io.Writer }

// begin records the time at which the status and headers are sent.
func (w *recorder) begin() {
	if w.sent {
		return
	}
	w.announce()
	w.sent = true
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.x.span.AddEvent("first_byte")
}

// announce calls Config.OnHeaders before the headers are sent.
func (w *recorder) announce() {
	if !w.announced {
		w.announced = true
		w.x.m.onHeaders(w.x.r.Context(), w.under.Header())
	}
}
