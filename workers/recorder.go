package workers

import (
	"io"
	"net/http"
)

// recorder is the ResponseWriter that the handler gets: the platform's, watched. Every call goes through, so that what the
// client gets does not depend on it.
type recorder struct {
	under     http.ResponseWriter
	outer     http.ResponseWriter // what the handler gets: this, perhaps with more methods
	x         *exchange
	announced bool

	status  int // 0 where the handler has set none
	size    int64
	sent    bool // bytes are on their way
	raw     bool // a stream of JavaScript's is to be the body, and its size is not known
	failure error
}

func (w *recorder) init(under http.ResponseWriter, x *exchange) {
	w.under, w.x = under, x
	w.outer = w.withStreams()
}

// Header is the platform's.
func (w *recorder) Header() http.Header { return w.under.Header() }

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.under }

// WriteHeader passes the status on. In syumai/workers the last one before the first byte counts, in net/http the first final one.
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

// Write passes p on. syumai/workers would wait for ever until somebody reads a body that a status doesn't have, and the trace with it.
func (w *recorder) Write(p []byte) (int, error) {
	w.begin()
	if ready, ok := w.under.(interface{ Ready() }); ok && withoutBody(w.status) {
		ready.Ready() // as its Write begins, too: the response goes out
		return 0, http.ErrBodyNotAllowed
	}
	n, err := w.under.Write(p)
	w.size += int64(n)
	if err != nil && err != http.ErrBodyNotAllowed {
		w.failure = err
	}
	return n, err
}

// withoutBody reports whether a Response of JavaScript's has no body with a status: https://fetch.spec.whatwg.org/#null-body-status.
func withoutBody(status int) bool {
	switch status {
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return false
}

// Flush passes the call on, where there is somebody to take it. In net/http status and headers go out with it; in syumai/workers it does
// nothing.
func (w *recorder) Flush() {
	if f, ok := w.under.(http.Flusher); ok {
		if headersGoWithStatus {
			w.begin()
		}
		f.Flush()
	}
}

// ReadFrom leaves it to the platform's writer how a body is copied, but for its beginning: the response begins with the first byte of
// r, and not at all where there is none.
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

// beginning is how much of a body net/http copies byte by byte as well, to find out its type.
const beginning = 512

// onlyWriter hides ReadFrom.
type onlyWriter struct{ io.Writer }

// begin takes note of the moment in which the status and the headers go out.
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

// announce lets Config.OnHeaders add to headers that are about to go out.
func (w *recorder) announce() {
	if !w.announced {
		w.announced = true
		w.x.m.onHeaders(w.x.r.Context(), w.under.Header())
	}
}
