package otelbridge_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
)

// BenchmarkSpan measures the cost of one span: a root with eight children, each with a client span's usual attributes. The
// exporters do nothing, so the cost is that of the API without any format.
//
//	go test -bench Span -benchmem ./otelbridge
//
//	BenchmarkSpan/native-2    357 ns/op      88 B/op    0 allocs/op
//	BenchmarkSpan/bridge-2   1868 ns/op     852 B/op    9 allocs/op
//	BenchmarkSpan/sdk-2      4293 ns/op    2279 B/op   11 allocs/op
func BenchmarkSpan(b *testing.B) {
	b.Run("native", func(b *testing.B) {
		tp := trace.NewTracerProvider(trace.Config{Exporter: nowhere{}})
		perSpan(b, func(ctx context.Context) {
			ctx, root := tp.Start(ctx, "root", trace.StartConfig{Kind: trace.SpanKindServer})
			for range children {
				_, span := trace.StartWith(ctx, "HTTP GET", trace.StartConfig{Kind: trace.SpanKindClient, Attributes: []trace.Attribute{
					trace.String("http.request.method", "GET"), trace.String("url.full", "https://www.example.com/api/items/7"),
					trace.String("server.address", "www.example.com"), trace.Int("server.port", 443),
				}})
				span.SetAttributes(trace.Int("http.response.status_code", 500), trace.String("network.protocol.version", "1.1"))
				span.SetStatus(trace.StatusError, "")
				span.End()
			}
			root.End()
		})
	})
	b.Run("bridge", func(b *testing.B) {
		tp := otelbridge.NewTracerProvider(trace.NewTracerProvider(trace.Config{Exporter: nowhere{}}))
		perSpan(b, func(ctx context.Context) { request(ctx, tp.Tracer("bench")) })
	})
	b.Run("sdk", func(b *testing.B) {
		tp := sdktrace.NewTracerProvider(sdktrace.WithSyncer(nowhere{}))
		perSpan(b, func(ctx context.Context) { request(ctx, tp.Tracer("bench")) })
	})
}

const children = 8

func request(ctx context.Context, tracer oteltrace.Tracer) {
	ctx, root := tracer.Start(ctx, "root", oteltrace.WithSpanKind(oteltrace.SpanKindServer))
	for range children {
		_, span := tracer.Start(ctx, "HTTP GET", oteltrace.WithSpanKind(oteltrace.SpanKindClient), oteltrace.WithAttributes(
			attribute.String("http.request.method", "GET"), attribute.String("url.full", "https://www.example.com/api/items/7"),
			attribute.String("server.address", "www.example.com"), attribute.Int("server.port", 443),
		))
		span.SetAttributes(attribute.Int("http.response.status_code", 500), attribute.String("network.protocol.version", "1.1"))
		span.SetStatus(codes.Error, "")
		span.End()
	}
	root.End()
}

// perSpan runs request often enough that one iteration is one span.
func perSpan(b *testing.B, request func(context.Context)) {
	ctx := context.Background()
	b.ReportAllocs()
	for i := 0; i < b.N; i += children + 1 {
		request(ctx)
	}
}

type nowhere struct{}

func (nowhere) Export(context.Context, *trace.Batch) error                 { return nil }
func (nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (nowhere) Shutdown(context.Context) error                             { return nil }
