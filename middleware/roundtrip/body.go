package roundtrip

import (
	"io"
	"net/http"
	"sync"
)

// bodyOf returns a request's body such that it can be closed again. fsthttp closes what it has copied, does not when it fails before that,
// and does not tell the two apart. A body of the platform stays as it is: it is moved within the host, and nobody copies it.
func bodyOf(r *http.Request) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if _, ok := r.Body.(interface{ Length() (uint64, error) }); ok {
		return r.Body
	}
	return &body{ReadCloser: r.Body}
}

// body is closed once.
type body struct {
	io.ReadCloser
	once sync.Once
	err  error
}

func (b *body) Close() error {
	b.once.Do(func() { b.err = b.ReadCloser.Close() })
	return b.err
}
