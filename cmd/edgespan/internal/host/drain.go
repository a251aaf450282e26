package host

import (
	"io"
	"net/http"
	"time"
)

// drainLimit limits the time for which a client may send a body that nobody needs.
type drainLimit struct {
	pause time.Duration // between two of its pieces
	total time.Duration
}

var defaultDrainLimit = drainLimit{2 * time.Second, 30 * time.Second}

// drain reads the rest of the request's body before this request is finished. With full duplex, the HTTP server would do it
// afterwards, and begin to read the connection's next request at the same time. It would also give up after 256 kB, and most clients
// read the response only when they have sent their whole body: the connection would be reset before they see it. Over HTTP/2 it would
// reset the stream, which is an error for curl.
func (ex *exchange) drain(limit drainLimit) {
	if ex.r.Body == nil || ex.r.Body == http.NoBody || ex.r.ContentLength == 0 {
		return
	}
	if ex.r.Header.Get("Expect") != "" && ex.seen.untouched() {
		return // the client waits for a 100 before it sends its body, so the server closes the connection
	}
	control := http.NewResponseController(ex.w)
	control.Flush() // so that the client need not wait
	ex.seen.end()
	if err := discard(ex.r.Body, control, limit); err != nil && !ex.r.ProtoAtLeast(2, 0) {
		lastRequest(ex.r) // the rest of the body must not be taken for a request
	}
	ex.r.Body.Close()
	control.SetReadDeadline(time.Time{})
}

// discard reads the body to its end, within the limit.
func discard(body io.Reader, control *http.ResponseController, limit drainLimit) error {
	buf := make([]byte, 32<<10)
	over := time.Now().Add(limit.total)
	for {
		deadline := time.Now().Add(limit.pause)
		if deadline.After(over) {
			deadline = over
		}
		control.SetReadDeadline(deadline)
		if _, err := body.Read(buf); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
