package middleware

import (
	"context"
	"io"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// capture is an exporter that keeps what it receives.
type capture struct {
	mu      sync.Mutex
	batches []*trace.Batch
	order   *order // records each export
}

func (c *capture) Export(_ context.Context, b *trace.Batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.batches = append(c.batches, b.Clone())
	c.order.note("export")
	return nil
}

func (c *capture) all() []*trace.Batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.batches
}

// order records what happened, in its order.
type order struct {
	mu    sync.Mutex
	calls []string
}

func (o *order) note(call string) {
	if o != nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.calls = append(o.calls, call)
	}
}

// wire is a ResponseWriter that records the calls that reach it.
type wire struct {
	*fsttest.ResponseRecorder
	*order
	writeErr, closeErr, appendErr error
	short                         int // how many bytes fewer Write returns than it got
}

func newWire(o *order) *wire { return &wire{ResponseRecorder: fsttest.NewRecorder(), order: o} }

func (w *wire) WriteHeader(status int) {
	w.note("header " + fsthttp.StatusText(status))
	if status != fsthttp.StatusEarlyHints { // fsttest takes 103 for a final status
		w.ResponseRecorder.WriteHeader(status)
	}
}

func (w *wire) Write(p []byte) (int, error) {
	w.note("write")
	n, _ := w.ResponseRecorder.Write(p[:len(p)-w.short])
	return n, w.writeErr
}

func (w *wire) Close() error {
	w.note("close")
	return w.closeErr
}

func (w *wire) Append(body io.ReadCloser) error {
	w.note("append")
	if w.appendErr != nil {
		return w.appendErr
	}
	_, err := io.Copy(w.Body, body)
	return err
}

// setup is a provider that keeps its spans and its errors.
type setup struct {
	*capture
	tp   *trace.TracerProvider
	mu   sync.Mutex
	errs []string
}

func newSetup(config ...trace.Config) *setup {
	s := &setup{capture: &capture{}}
	var c trace.Config
	if len(config) > 0 {
		c = config[0]
	}
	if c.Exporter == nil {
		c.Exporter = s.capture
	}
	c.OnError = func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.errs = append(s.errs, err.Error())
	}
	s.tp = trace.NewTracerProvider(c)
	return s
}

// serve makes the handler serve one request.
func (s *setup) serve(r *fsthttp.Request, config Config, h fsthttp.HandlerFunc) *fsttest.ResponseRecorder {
	w := fsttest.NewRecorder()
	New(s.tp, config)(h).ServeHTTP(context.Background(), w, r)
	return w
}

// root returns the server span of the only request.
func (s *setup) root(t testing.TB) *trace.SpanData {
	t.Helper()
	batches := s.all()
	require.Len(t, batches, 1)
	root := batches[0].Root()
	require.NotNil(t, root)
	require.Equal(t, trace.SpanKindServer, root.Kind)
	return root
}

// span returns the only span with this name.
func (s *setup) span(t testing.TB, name string) *trace.SpanData {
	t.Helper()
	var found *trace.SpanData
	for _, b := range s.all() {
		for i := range b.Spans {
			if b.Spans[i].Name == name {
				require.Nil(t, found, "two spans %q", name)
				found = &b.Spans[i]
			}
		}
	}
	require.NotNil(t, found, "no span %q", name)
	return found
}

func request(t testing.TB, method, url string, headers ...string) *fsthttp.Request {
	t.Helper()
	r, err := fsthttp.NewRequest(method, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// plain returns attributes as a map, for comparison.
func plain(attrs []trace.Attribute) map[string]any {
	m := map[string]any{}
	for _, a := range attrs {
		switch a.Value.Kind() {
		case trace.KindString:
			m[a.Key] = a.Value.Str()
		case trace.KindInt64:
			m[a.Key] = int(a.Value.Int64())
		case trace.KindBool:
			m[a.Key] = a.Value.Bool()
		case trace.KindStrings:
			m[a.Key] = a.Value.Strings()
		default:
			m[a.Key] = a.Value
		}
	}
	return m
}

func events(d *trace.SpanData) (names []string) {
	for _, e := range d.Events {
		names = append(names, e.Name)
	}
	return names
}

func nothing(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) {}

func hello(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	_, _ = io.WriteString(w, "hello")
}
