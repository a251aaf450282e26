// Command odd is a service with requests, spans and settings of the worst kind. The first element of the path chooses how
// requests are traced, the last one what the handler does.
package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// settings are ways to trace, by the first element of the path.
var settings = map[string]func() fsthttp.HandlerFunc{
	"default":      with(trace.Config{}, headers),
	"never":        with(trace.Config{Sampler: trace.ParentBased(trace.Never())}, middleware.Config{}),
	"ratio-0":      with(trace.Config{Sampler: trace.ParentBased(trace.Ratio(0))}, middleware.Config{}),
	"ratio-half":   with(trace.Config{Sampler: trace.ParentBased(trace.Ratio(0.5))}, middleware.Config{}),
	"trusting":     with(trace.Config{Sampler: trace.ParentBased(trace.Never())}, middleware.Config{TrustParent: everybody}),
	"keep-errors":  with(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{Errors: true}}, middleware.Config{}),
	"keep-slow":    with(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{SlowerThan: 50 * time.Millisecond}}, middleware.Config{}),
	"short-ids":    with(trace.Config{ShortTraceIDs: true}, middleware.Config{}),
	"backwards":    with(trace.Config{Clock: backwards()}, middleware.Config{}),
	"filtered":     with(trace.Config{}, middleware.Config{Filter: func(*fsthttp.Request) bool { return false }}),
	"bad-config":   with(trace.Config{}, badConfig),
	"bad-keep":     with(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{If: func(*trace.Batch) bool { panic("keep") }}}, middleware.Config{}),
	"bad-exporter": with(trace.Config{Exporter: badExporter{}}, middleware.Config{}),
	"bad-report":   with(trace.Config{Exporter: badExporter{}, OnError: func(error) { panic("report") }}, middleware.Config{}),
	"no-exporter":  func() fsthttp.HandlerFunc { return middleware.New(trace.NewTracerProvider(trace.Config{}))(handler) },
	"nil-provider": func() fsthttp.HandlerFunc { return middleware.New(nil)(handler) },
}

var (
	handler = fsthttp.HandlerFunc(handle)

	headers = middleware.Config{
		RequestHeaders:  []string{"X-Odd", "x-many", "Authorization", "X-Own-Secret", "Page-Token", "", "X-Absent"},
		ResponseHeaders: []string{"X-Reply", "Set-Cookie"},
		Redact:          []string{"X-Own-Secret", "hush"},
		Reveal:          []string{"page_token"},
	}
	badConfig = middleware.Config{
		Filter:      func(*fsthttp.Request) bool { panic("filter") },
		Route:       func(*fsthttp.Request) string { panic("route") },
		TrustParent: func(*fsthttp.Request) bool { panic("trust") },
		OnRequest:   []func(*trace.Span, *fsthttp.Request){func(*trace.Span, *fsthttp.Request) { panic("on request") }},
	}
)

func everybody(*fsthttp.Request) bool { return true }

func main() {
	fsthttp.ServeFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		make, ok := settings[first]
		if !ok {
			make = settings["default"]
		}
		make()(ctx, w, r)
	})
}

// with returns a function that makes the traced handler. Each sandbox makes its own.
func with(tc trace.Config, mc middleware.Config) func() fsthttp.HandlerFunc {
	return func() fsthttp.HandlerFunc {
		tc.ServiceName = "odd"
		if tc.Exporter == nil {
			tc.Exporter = logendpoint.Open("otlp_logs", logendpoint.Config{Format: watched})
		}
		return middleware.New(trace.NewTracerProvider(tc), mc)(handler)
	}
}

// watched is the default format. It reports a newline in a line, which would be invisible in the host's output.
func watched(dst []byte, b *trace.Batch) []byte {
	n := len(dst)
	dst = new(otlp.Encoder).Append(dst, b)
	if bytes.ContainsAny(dst[n:], "\r\n") {
		_, _ = rtlog.Open("faults").Write([]byte("a newline in a line"))
	}
	return dst
}

// backwards returns a clock that goes back one hour at each reading.
func backwards() func() time.Time {
	at := time.Now()
	return func() time.Time {
		at = at.Add(-time.Hour)
		return at
	}
}

type badExporter struct{}

func (badExporter) Export(_ context.Context, b *trace.Batch) error {
	if len(b.Spans) > 1 {
		return errors.New("no\nexport")
	}
	panic("exporter")
}
