package middleware

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut") }

func TestCountedBody(t *testing.T) {
	for name, test := range map[string]struct {
		use    func(*countedBody)
		want   map[string]any
		status trace.Status
	}{
		"to its end": {func(b *countedBody) { _, _ = io.ReadAll(b) }, map[string]any{"http.response.body.size": 5}, trace.Status{}},
		"closed":     {func(b *countedBody) { _, _ = b.Read(make([]byte, 2)); _ = b.Close() }, map[string]any{}, trace.Status{}},
		"appended": {func(b *countedBody) {
			w := &recorder{to: newWire(nil), status: 200}
			require.NoError(t, w.Append(b))
		}, map[string]any{}, trace.Status{}},
		"cut": {func(b *countedBody) {
			b.span.SetAttributes(trace.Int("http.response.body.size", 9)) // Content-Length
			b.ReadCloser = io.NopCloser(io.MultiReader(b.ReadCloser, failing{}))
			_, _ = io.ReadAll(b)
		}, map[string]any{"error.type": "*errors.errorString", "http.response.body.size": 5}, trace.Status{Code: trace.StatusError, Description: "cut"}},
	} {
		s := newSetup()
		_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
		test.use(&countedBody{ReadCloser: io.NopCloser(strings.NewReader("hello")), span: span})
		d := s.span(t, "client")
		require.Equal(t, test.want, plain(d.Attributes), name)
		require.Equal(t, test.status, d.Status, name)
	}
}

// If a handler neither reads a body to its end nor closes it, the span of the body ends with the handler, also if another
// goroutine has sent the request.
func TestBodiesLeftOpen(t *testing.T) {
	s := newSetup()
	ctx := ContextWithBackends(context.Background(), func(*fsthttp.Request, string) (*fsthttp.Response, error) {
		return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader(), Body: io.NopCloser(strings.NewReader("hello"))}, nil
	})
	var late io.ReadCloser
	New(s.tp)(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Add(1)
			go func() {
				defer all.Done()
				resp, err := SendBody(ctx, request(t, "GET", "http://origin/"), "origin")
				require.NoError(t, err)
				if i == 0 {
					late = resp.Body
				}
			}()
		}
		all.Wait()
	})).ServeHTTP(ctx, newWire(nil), request(t, "GET", "http://h/"))
	_, err := io.ReadAll(late)
	require.NoError(t, err)
	require.Len(t, s.all(), 1)
	spans := s.all()[0].Spans
	require.Len(t, spans, 1+8)
	for i := range spans[1:] {
		require.NotContains(t, plain(spans[1+i].Attributes), "http.response.body.size")
		require.LessOrEqual(t, spans[1+i].End, spans[0].End)
	}
}

// Attributes for which the host has no value are left out, and a function that panics does no harm. TestEdgeBackends of the
// end-to-end suite checks the values of a host.
func TestOnBackend(t *testing.T) {
	s := newSetup()
	_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
	m := &middleware{tp: s.tp}
	Config{OnBackend: []func(*trace.Span, *fsthttp.Response){BackendInfo, func(*trace.Span, *fsthttp.Response) { panic("boom") }}}.apply(m)
	(&exchange{m: m}).sendHooks().answered(&outbound{span: span, resp: &fsthttp.Response{Backend: "origin"}})
	span.End()
	require.Empty(t, s.span(t, "client").Attributes)
	require.Equal(t, []string{"middleware: panic in Config.OnBackend: boom"}, s.errs)
}

// A response that did not come from the cache has no ttl.
func TestTTL(t *testing.T) {
	_, ok := ttl(&fsthttp.Response{})
	require.False(t, ok)
}
