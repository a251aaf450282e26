// Command byhand is the handler that writes a span by hand with encoding/json.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

func main() {
	endpoint := rtlog.Open("otlp_logs")
	fsthttp.ServeFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		start := time.Now()
		handle(ctx, w, r)
		_ = w.Close()
		_ = json.NewEncoder(endpoint).Encode(lineOf(r, start))
	})
}

func handle(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
}

// The types of an OTLP/JSON line.
type (
	line struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resource     `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []attribute `json:"attributes"`
	}
	scopeSpans struct {
		Spans []span `json:"spans"`
	}
	span struct {
		TraceID    string      `json:"traceId"`
		SpanID     string      `json:"spanId"`
		Name       string      `json:"name"`
		Kind       int         `json:"kind"`
		Start      string      `json:"startTimeUnixNano"`
		End        string      `json:"endTimeUnixNano"`
		Attributes []attribute `json:"attributes"`
	}
	attribute struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	value struct {
		String string `json:"stringValue,omitempty"`
		Int    string `json:"intValue,omitempty"`
	}
)

func lineOf(r *fsthttp.Request, start time.Time) line {
	var ids [24]byte
	for i := range ids {
		ids[i] = byte(rand.Uint32())
	}
	return line{[]resourceSpans{{
		Resource: resource{[]attribute{{"service.name", value{String: "byhand"}}}},
		ScopeSpans: []scopeSpans{{[]span{{
			TraceID: hex.EncodeToString(ids[:16]),
			SpanID:  hex.EncodeToString(ids[16:]),
			Name:    r.Method,
			Kind:    2,
			Start:   strconv.FormatInt(start.UnixNano(), 10),
			End:     strconv.FormatInt(time.Now().UnixNano(), 10),
			Attributes: []attribute{
				{"http.request.method", value{String: r.Method}},
				{"url.path", value{String: r.URL.Path}},
				{"url.scheme", value{String: r.URL.Scheme}},
				{"server.address", value{String: r.Host}},
				{"http.response.status_code", value{Int: "200"}},
			},
		}}}},
	}}}
}
