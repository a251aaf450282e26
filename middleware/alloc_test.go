package middleware

import (
	"context"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// idle is a ResponseWriter that does nothing.
type idle struct {
	fsthttp.ResponseWriter
	header fsthttp.Header
}

func (w idle) Header() fsthttp.Header          { return w.header }
func (idle) WriteHeader(int)                   {}
func (idle) Write(p []byte) (n int, err error) { return len(p), nil }
func (idle) Close() error                      { return nil }

type forget struct{}

func (forget) Export(context.Context, *trace.Batch) error { return nil }

// Allocations of one request through the middleware, including those of the provider.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates on its own")
	}
	r := request(t, "GET", "https://h.example/a/b?c=d", "User-Agent", "curl/8", "Accept", "*/*")
	r.RemoteAddr, r.ProtoMajor, r.ProtoMinor = "192.0.2.7", 1, 1
	var w fsthttp.ResponseWriter = idle{header: fsthttp.Header{}}
	text := []byte("hello")
	handler := fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { _, _ = w.Write(text) })
	for _, test := range []struct {
		name   string
		tp     *trace.TracerProvider
		config Config
		most   float64
	}{
		{"nil provider", nil, Config{}, 0},
		{"filtered", newSetup().tp, Config{Filter: func(*fsthttp.Request) bool { return false }}, 1},
		{"not sampled", newSetup(trace.Config{Sampler: trace.Never()}).tp, Config{RequestHeaders: []string{"Accept"}}, 2},
		{"sampled", newSetup(trace.Config{Exporter: forget{}}).tp, Config{}, 2},
	} {
		h := New(test.tp, test.config)(handler)
		ctx := context.Background()
		got := testing.AllocsPerRun(200, func() { h(ctx, w, r) })
		t.Logf("%s: %v", test.name, got)
		assert.LessOrEqual(t, got, test.most, test.name)
	}
}

func BenchmarkRequest(b *testing.B) {
	r := request(b, "GET", "https://h.example/a/b?c=d", "User-Agent", "curl/8")
	var w fsthttp.ResponseWriter = idle{header: fsthttp.Header{}}
	for name, sampler := range map[string]trace.Sampler{"sampled": trace.Always(), "not sampled": trace.Never()} {
		b.Run(name, func(b *testing.B) {
			h := New(newSetup(trace.Config{Exporter: forget{}, Sampler: sampler}).tp)(fsthttp.HandlerFunc(hello))
			b.ReportAllocs()
			for b.Loop() {
				h(context.Background(), w, r)
			}
		})
	}
}
