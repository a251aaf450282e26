package roundtrip

import (
	"io"
	"net/http"
	"sync"
)

// bodyOf returns the body of a request, wrapped so that it can be closed a second time. fsthttp closes a body that it has
// copied, does not close it if it fails before that, and does not report which of the two happened. A body of the platform is
// not wrapped, because the host moves it without copying.
func bodyOf(r *http.Request) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if _, ok := r.Body.(interface{ Length() (uint64, error) }); ok {
		return r.Body
	}
	return &body{ReadCloser: r.Body}
}

// body passes only the first Close on.
type body struct {
	io.ReadCloser
	once sync.Once
	err  error
}

func (b *body) Close() error {
	b.once.Do(func() { b.err = b.ReadCloser.Close() })
	return b.err
}
