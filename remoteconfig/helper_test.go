package remoteconfig

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// store is a Source whose document a test changes.
type store struct {
	mu   sync.Mutex
	text string
	err  error
	keys []string
}

func (s *store) set(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text, s.err = text, nil
}

func (s *store) get(key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, key)
	return s.text, s.err
}

// fixture is a service whose settings come from a store.
type fixture struct {
	*tracetest.Exporter
	store
	remote *Remote
	tp     *trace.TracerProvider
	clock  *tracetest.Clock
	mu     sync.Mutex
	errs   []string
	mw     middleware.Config // the compiled-in settings
}

func newFixture(document string, compiled ...trace.Config) *fixture {
	f := &fixture{Exporter: tracetest.NewExporter(), store: store{text: document}, clock: tracetest.NewClock()}
	f.remote = New(Config{Source: f.get})
	var c trace.Config
	if len(compiled) > 0 {
		c = compiled[0]
	}
	c.Exporter, c.Clock = f.Exporter, f.clock.Now
	c.OnError = func(err error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.errs = append(f.errs, err.Error())
	}
	f.tp = trace.NewTracerProvider(f.remote.Trace(c))
	f.mw.Route = func(r *fsthttp.Request) string { return r.URL.Path }
	return f
}

func (f *fixture) errors() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.errs...)
}

// serve serves a request, and reports whether its trace was exported.
func (f *fixture) serve(t testing.TB, method, path string, handle func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request), headers ...string) *trace.SpanData {
	t.Helper()
	r, err := fsthttp.NewRequest(method, "https://h.example"+path, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	if handle == nil {
		handle = func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { w.WriteHeader(204) }
	}
	f.Reset()
	middleware.New(f.tp, f.remote.Middleware(f.mw))(fsthttp.HandlerFunc(handle))(context.Background(), fsttest.NewRecorder(), r)
	spans := f.Spans()
	if len(spans) == 0 {
		return nil
	}
	return &spans[0]
}

// lasts returns a handler that takes this long and answers with this status.
func (f *fixture) lasts(d time.Duration, status int) func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) {
	return func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		f.clock.Advance(d)
		w.WriteHeader(status)
	}
}
