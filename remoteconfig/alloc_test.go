package remoteconfig

import (
	"context"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
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

// request returns a function that serves a request, with the settings of a document or without this package.
func serveWith(t testing.TB, document string) func() {
	config, mw := trace.Config{Exporter: forget{}, Sampler: trace.Never()}, middleware.Config{}
	if document != "" {
		remote := New(Config{Source: func(string) (string, error) { return document, nil }, Refresh: -1})
		require.NoError(t, remote.Reload())
		config, mw = remote.Trace(config), remote.Middleware(mw)
	}
	h := middleware.New(trace.NewTracerProvider(config), mw)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = w.Write(nil)
	}))
	r, err := fsthttp.NewRequest("GET", "https://h.example/a", nil)
	require.NoError(t, err)
	ctx, w := context.Background(), fsthttp.ResponseWriter(idle{header: fsthttp.Header{}})
	return func() { h(ctx, w, r) }
}

// The allocations of a request do not grow with the settings.
func TestAllocations(t *testing.T) {
	without := testing.AllocsPerRun(200, serveWith(t, ""))
	for document, most := range map[string]float64{
		`{}`: without, `{"ratio":0,"routes":{"/b":1}}`: without, `{"off":true}`: 1,
		`{"ratio":0,"keep":{"errors":true,"rules":[{"status":404,"attribute":"a","equals":1}]}}`: without + 1,
	} {
		got := testing.AllocsPerRun(200, serveWith(t, document))
		t.Logf("%v, without %v: %s", got, without, document)
		assert.LessOrEqual(t, got, most, document)
	}
}

func BenchmarkRequest(b *testing.B) {
	for name, document := range map[string]string{
		"without": "", "empty": `{}`, "ratio": `{"ratio":0}`, "off": `{"off":true}`, "rules": `{"ratio":0,"keep":{"errors":true,"rules":[{"status":404}]}}`,
	} {
		b.Run(name, func(b *testing.B) {
			serve := serveWith(b, document)
			b.ReportAllocs()
			for b.Loop() {
				serve()
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	const document = `{"ratio":0.01,"routes":{"/healthz":0,"POST /checkout":0.5},"keep":{"errors":true,"slower_than_ms":500,` +
		`"rules":[{"route":"/search","slower_than_ms":100},{"status":[429,"5xx"]}]},"request_headers":["accept-language"]}`
	b.ReportAllocs()
	for b.Loop() {
		if _, p := parse(document); p != nil {
			b.Fatal(p.text())
		}
	}
}
