package host

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// sentBody is the body of a backend request while it is sent.
type sentBody struct {
	reader
	err atomic.Pointer[error] // why it could not be read to its end
}

func (u *sentBody) Read(p []byte) (int, error) {
	n, err := u.reader.Read(p)
	if err != nil && err != io.EOF {
		u.err.Store(&err)
	}
	return n, err
}

// failedWith reports whether the request failed with err because its body could not be read, such as when the client broke it off.
func (u *sentBody) failedWith(err error) bool {
	own := u.err.Load()
	return own != nil && errors.Is(err, *own)
}

// slowReader fails a read that waits longer than the timeout, and releases the request's context at the end.
type slowReader struct {
	io.ReadCloser
	timeout time.Duration
	cancel  context.CancelCauseFunc
}

func (s *slowReader) Read(p []byte) (int, error) {
	if s.timeout <= 0 {
		return s.ReadCloser.Read(p)
	}
	timer := time.AfterFunc(s.timeout, func() { s.cancel(errBetweenBytes) })
	n, err := s.ReadCloser.Read(p)
	if !timer.Stop() && n == 0 {
		err = errBetweenBytes
	}
	return n, err
}

func (s *slowReader) Close() error {
	err := s.ReadCloser.Close()
	s.cancel(nil)
	return err
}

// gunzip decompresses. It reads nothing until it is read.
type gunzip struct {
	from io.ReadCloser
	z    *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, err
		}
		g.z = z
	}
	return g.z.Read(p)
}

func (g *gunzip) Close() error { return g.from.Close() }
