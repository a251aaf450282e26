package middleware

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut") }

func TestCountedBody(t *testing.T) {
	for name, test := range map[string]struct {
		use  func(*countedBody)
		size any
		code trace.StatusCode
	}{
		"to its end": {func(b *countedBody) { _, _ = io.ReadAll(b); _ = b.Close() }, 5, trace.StatusUnset},
		"closed":     {func(b *countedBody) { _, _ = b.Read(make([]byte, 2)); _ = b.Close() }, nil, trace.StatusUnset},
		"appended": {func(b *countedBody) {
			w := &recorder{ResponseWriter: newWire(nil)}
			require.NoError(t, w.Append(b))
		}, nil, trace.StatusUnset},
		"cut": {func(b *countedBody) {
			b.ReadCloser = io.NopCloser(failing{})
			_, _ = io.ReadAll(b)
			_ = b.Close()
		}, nil, trace.StatusError},
	} {
		s := newSetup()
		_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
		test.use(&countedBody{ReadCloser: io.NopCloser(strings.NewReader("hello")), span: span})
		d := s.span(t, "client")
		require.Equal(t, test.size, plain(d.Attributes)["http.response.body.size"], name)
		require.Equal(t, test.code, d.Status.Code, name)
	}
}
