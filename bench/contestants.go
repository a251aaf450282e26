package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// contestant is one implementation of the same work: one server span with five attributes, four of them set at its start, is
// started, ended, encoded and written.
type contestant struct {
	name string
	run  func()
	out  *memory
}

// memory is the writer of all contestants. It copies the data to the beginning of a fixed buffer.
type memory struct {
	buf    [4096]byte
	length int
}

func (m *memory) Write(p []byte) (int, error) {
	m.length = copy(m.buf[:], p)
	return len(p), nil
}

func (m *memory) line() []byte { return m.buf[:m.length] }

// The values of the span's attributes. Host and path are variables, since the compiler must not know them: they come from a
// request.
var (
	host   = "www.example.com"
	path   = "/api/items/7"
	status = 200
)

func contestants() []contestant {
	return []contestant{floor(), edgespan(), byHand(), openTelemetry()}
}

// floor does only the work that no implementation can avoid: it reads the clock twice, generates a span id, and appends a
// constant line.
func floor() contestant {
	known := edgespan()
	known.run()
	out, line := new(memory), append([]byte(nil), known.out.line()...)
	buf := make([]byte, 0, len(line))
	return contestant{"floor", func() {
		start := time.Now()
		id := rand.Uint64()
		buf = append(buf[:0], line...)
		if time.Now().Before(start) || id == 0 {
			panic("the clock goes backwards")
		}
		_, _ = out.Write(buf)
	}, out}
}

// lineExporter writes each batch as a line, as logendpoint does.
type lineExporter struct {
	mu      sync.Mutex // Export may be called from several goroutines
	out     io.Writer
	encoder otlp.Encoder
	buf     []byte
}

func (e *lineExporter) Export(_ context.Context, b *trace.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.buf = append(e.encoder.Append(e.buf[:0], b), '\n')
	_, err := e.out.Write(e.buf)
	return err
}

func edgespan() contestant {
	out := new(memory)
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "bench", Exporter: &lineExporter{out: out}})
	ctx := context.Background()
	return contestant{"Edgespan", func() {
		_, span := tp.StartRoot(ctx, "GET", &trace.RootConfig{ // as the middleware does
			Kind: trace.SpanKindServer,
			Attributes: []trace.Attribute{
				trace.String("http.request.method", "GET"),
				trace.String("server.address", host),
				trace.String("url.path", path),
				trace.String("url.scheme", "https"),
			},
		})
		span.SetAttributes(trace.Int("http.response.status_code", status))
		span.End()
	}, out}
}

func openTelemetry() contestant {
	out := new(memory)
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(out))
	if err != nil {
		panic(err)
	}
	tp := sdktrace.NewTracerProvider(
		sdktrace.WithSyncer(exporter),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "bench"))),
	)
	tracer := tp.Tracer("bench")
	ctx := context.Background()
	return contestant{"OpenTelemetry SDK + stdouttrace", func() {
		_, span := tracer.Start(ctx, "GET",
			oteltrace.WithSpanKind(oteltrace.SpanKindServer),
			oteltrace.WithAttributes(
				attribute.String("http.request.method", "GET"),
				attribute.String("server.address", host),
				attribute.String("url.path", path),
				attribute.String("url.scheme", "https"),
			))
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		span.End()
	}, out}
}

// The types of an OTLP/JSON line for encoding/json, as they would be written by hand.
type (
	handLine struct {
		ResourceSpans []handResourceSpans `json:"resourceSpans"`
	}
	handResourceSpans struct {
		Resource   handResource     `json:"resource"`
		ScopeSpans []handScopeSpans `json:"scopeSpans"`
	}
	handResource struct {
		Attributes []handAttribute `json:"attributes"`
	}
	handScopeSpans struct {
		Scope handScope  `json:"scope"`
		Spans []handSpan `json:"spans"`
	}
	handScope struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	handSpan struct {
		TraceID    string          `json:"traceId"`
		SpanID     string          `json:"spanId"`
		Flags      int             `json:"flags"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"`
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []handAttribute `json:"attributes"`
	}
	handAttribute struct {
		Key   string    `json:"key"`
		Value handValue `json:"value"`
	}
	handValue struct {
		String *string `json:"stringValue,omitempty"`
		Int    string  `json:"intValue,omitempty"`
	}
)

func byHand() contestant {
	out := new(memory)
	text := func(key, value string) handAttribute { return handAttribute{key, handValue{String: &value}} }
	standard := handResource{[]handAttribute{
		text("service.name", "bench"),
		text("telemetry.sdk.language", "go"),
		text("telemetry.sdk.name", "edgespan"),
		text("telemetry.sdk.version", trace.Version),
	}}
	return contestant{"encoding/json by hand", func() {
		start := time.Now()
		var ids [24]byte
		for i := range 3 {
			v := rand.Uint64()
			for j := range 8 {
				ids[8*i+j] = byte(v >> (8 * j))
			}
		}
		span := handSpan{
			TraceID: hex.EncodeToString(ids[:16]),
			SpanID:  hex.EncodeToString(ids[16:]),
			Flags:   0x103,
			Name:    "GET",
			Kind:    2,
			Attributes: []handAttribute{
				text("http.request.method", "GET"),
				text("server.address", host),
				text("url.path", path),
				text("url.scheme", "https"),
			},
		}
		span.Attributes = append(span.Attributes, handAttribute{"http.response.status_code", handValue{Int: strconv.Itoa(status)}})
		span.Start = strconv.FormatInt(start.UnixNano(), 10)
		span.End = strconv.FormatInt(time.Now().UnixNano(), 10)
		line, err := json.Marshal(handLine{[]handResourceSpans{{
			Resource:   standard,
			ScopeSpans: []handScopeSpans{{handScope{trace.ScopeName, trace.Version}, []handSpan{span}}},
		}}})
		if err != nil {
			panic(err)
		}
		_, _ = out.Write(append(line, '\n'))
	}, out}
}
