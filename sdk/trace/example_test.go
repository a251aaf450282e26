package trace_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// printer is an Exporter that prints the spans that it receives.
type printer struct{}

func (printer) Export(_ context.Context, b *trace.Batch) error {
	fmt.Print(tracetest.Tree(b.Spans))
	return nil
}

// A root span with a child that fails.
func Example() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}, ServiceName: "shop"})

	ctx, server := tp.Start(context.Background(), "GET /items/{id}", trace.StartConfig{Kind: trace.SpanKindServer})
	_, look := trace.Start(ctx, "look up", trace.String("item.id", "7"))
	look.RecordError(errors.New("no such item"))
	look.SetStatus(trace.StatusError, "no such item")
	look.End()
	server.SetAttributes(trace.Int("http.response.status_code", 404))
	server.End()
	// Output:
	// GET /items/{id} [server]
	//     http.response.status_code=404
	//   look up [internal] error "no such item"
	//       item.id="7"
	//       event exception exception.message="no such item" exception.type="*errors.errorString"
}

// A tenth of all traces is sampled, and all traces with errors or slow roots are kept.
func ExampleNewTracerProvider() {
	tp := trace.NewTracerProvider(trace.Config{
		Exporter:       printer{},
		ServiceName:    "shop",
		ServiceVersion: "1.2.3",
		Sampler:        trace.ParentBased(trace.Ratio(0.1)),
		Keep:           trace.Keep{Errors: true, SlowerThan: time.Second},
		OnError:        func(err error) { fmt.Println("tracing:", err) },
	})
	name, _ := tp.Resource().Attribute("service.name")
	fmt.Println(name.Str())
	// Output: shop
}

// Start makes a span only if the context carries one.
func ExampleStart() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	work := func(ctx context.Context) {
		_, span := trace.Start(ctx, "work", trace.Bool("cached", false))
		defer span.End()
	}

	work(context.Background()) // there is no span in the context, so work is not traced
	ctx, root := tp.Start(context.Background(), "request", trace.StartConfig{})
	work(ctx)
	root.End()
	// Output:
	// request [internal]
	//   work [internal]
	//       cached=false
}

// A client span, and a span that begins a new trace and links to the first one.
func ExampleStartWith() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	ctx, first := tp.Start(context.Background(), "first", trace.StartConfig{})
	_, call := trace.StartWith(ctx, "call", trace.StartConfig{Kind: trace.SpanKindClient})
	call.End()
	first.End()
	_, second := tp.Start(ctx, "second", trace.StartConfig{NewRoot: true, Links: []trace.Link{{SpanContext: first.SpanContext()}}})
	second.End()
	// Output:
	// first [internal]
	//   call [client]
	// second [internal]
	//     link to a span not here
}

// No trace is sampled, but those with errors or with status 429 are kept.
func ExampleKeep() {
	tp := trace.NewTracerProvider(trace.Config{
		Exporter: printer{},
		Sampler:  trace.Never(),
		Keep: trace.Keep{Errors: true, If: func(b *trace.Batch) bool {
			code, _ := b.Root().Attribute("http.response.status_code")
			return code.Int64() == 429
		}},
	})
	for _, code := range []int{200, 429, 500} {
		_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
		span.SetAttributes(trace.Int("http.response.status_code", code))
		if code >= 500 {
			span.SetStatus(trace.StatusError, "")
		}
		span.End()
	}
	// Output:
	// request [internal]
	//     http.response.status_code=429
	// request [internal] error
	//     http.response.status_code=500
}

// The threshold in the trace state says for how many traces a sampled trace stands.
func ExampleRatio() {
	for _, ratio := range []float64{0.5, 0.25, 0.01} {
		id, _ := trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")
		result := trace.Ratio(ratio).Sample(trace.SamplingParameters{TraceID: id})
		fmt.Println(result.Sampled, result.TraceState)
	}
	// Output:
	// true ot=th:8
	// true ot=th:c
	// false
}

// A server continues the trace of a request, and passes it on.
func ExampleSpanContextFromHeaders() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}, IDs: new(tracetest.IDs)})
	parent := trace.SpanContextFromHeaders(
		[]string{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}, // the request's traceparent headers
		[]string{"congo=t61rcWkgMzE"},                                       // the request's tracestate headers
	)
	_, span := tp.StartRoot(context.Background(), "request", &trace.RootConfig{Kind: trace.SpanKindServer, Parent: parent})
	defer span.End()

	sc := span.SpanContext()
	fmt.Println("traceparent:", sc.Traceparent())
	fmt.Println("tracestate:", sc.TraceState)
	// Output:
	// traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000001-01
	// tracestate: congo=t61rcWkgMzE
	// request [server] (remote parent)
}

// With moves a member to the front, and refuses invalid values.
func ExampleTraceState_With() {
	ts, _ := trace.ParseTraceState("rojo=1,congo=2")
	ts, err := ts.With("congo", "3")
	fmt.Println(ts, err)
	_, err = ts.With("Congo", "4")
	fmt.Println(err)
	// Output:
	// congo=3,rojo=1 <nil>
	// trace: a tracestate member needs a valid key and a value of 1 to 256 printable characters
}

// Each visits the elements of a list.
func ExampleValue_Each() {
	a := trace.Strings("tags", "red", "round")
	a.Value.Each(func(tag trace.Value) { fmt.Println(tag.Str()) })
	// Output:
	// red
	// round
}

// A context without a span switches tracing off for what is called with it.
func ExampleContextWithSpan() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	ctx, root := tp.Start(context.Background(), "request", trace.StartConfig{})
	quiet := trace.ContextWithSpan(ctx, nil)
	_, span := trace.Start(quiet, "not traced")
	fmt.Println(span.IsRecording())
	span.End()
	root.End()
	// Output:
	// false
	// request [internal]
}

// A trace with more spans than the limit allows. The root has the number of dropped spans.
func ExampleTracerProvider_Stats() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}, Limits: trace.Limits{Spans: 2}})
	ctx, root := tp.Start(context.Background(), "request", trace.StartConfig{})
	for range 3 {
		_, span := trace.Start(ctx, "step")
		span.End()
	}
	root.End()
	fmt.Printf("%+v\n", tp.Stats())
	// Output:
	// request [internal]
	//     edgespan.dropped_spans=2
	//   step [internal]
	// {ExportedSpans:2 DroppedSpans:2 OpenSpans:0 SampledOutTraces:0 ExportErrors:0}
}

// If two attributes have the same key, the later one is used.
func ExampleNewResource() {
	detected := []trace.Attribute{trace.String("host.name", "edge"), trace.String("cloud.region", "EU")}
	r := trace.NewResource(detected, []trace.Attribute{trace.String("cloud.region", "Frankfurt")})
	for _, a := range r.Attributes {
		fmt.Println(a.Key, a.Value.Str())
	}
	// Output:
	// host.name edge
	// cloud.region Frankfurt
}
