package host

import (
	"io"
	"net/http"
	"sync"
)

// recordLimit is how much of a request body is kept for a hand-off.
const recordLimit = 8 << 20

// bodyRecorder keeps what the guest has read of a request body, because a hand-off sends the whole body.
type bodyRecorder struct {
	r    io.ReadCloser
	mu   sync.Mutex
	kept []byte
	over bool
	used bool // something was read, or a read was tried
	done bool // the request is over
}

func (r *bodyRecorder) Read(p []byte) (int, error) {
	r.mu.Lock()
	r.used = true
	done := r.done
	r.mu.Unlock()
	if done {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := r.r.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept)+n > recordLimit {
		r.over, r.kept = true, nil
	}
	if !r.over {
		r.kept = append(r.kept, p[:n]...)
	}
	return n, err
}

// forget drops what was kept, because there will be no hand-off.
func (r *bodyRecorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over, r.kept = true, nil
}

// end makes further reads fail, since the rest of the body is discarded.
func (r *bodyRecorder) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = true
}

func (r *bodyRecorder) untouched() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.used
}

// Close does nothing: the HTTP server closes the client's body at the end.
func (r *bodyRecorder) Close() error { return nil }
