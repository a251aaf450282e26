package otlp_test

import (
	"fmt"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Writes a batch with one span as a line.
func ExampleEncoder_Append() {
	var e otlp.Encoder
	line := e.Append(nil, &trace.Batch{
		Resource: trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")}),
		Spans: []trace.SpanData{{
			SpanContext: trace.SpanContext{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: 2}, TraceFlags: trace.FlagSampled},
			Name:        "GET /",
			Kind:        trace.SpanKindServer,
			Start:       1_700_000_000_000_250_000,
			End:         1_700_000_000_012_500_000,
			Scope:       &trace.Scope{Name: "shop/http"},
			Attributes:  []trace.Attribute{trace.Int("http.response.status_code", 200)},
		}},
	})
	fmt.Printf("%s\n", line)
	// Output:
	// {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"shop/http"},"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","flags":257,"name":"GET /","kind":2,"startTimeUnixNano":"1700000000000250000","endTimeUnixNano":"1700000000012500000","attributes":[{"key":"http.response.status_code","value":{"intValue":"200"}}]}]}]}]}
}

// Reads a line back. An error says where in the line it is.
func ExampleDecode() {
	batches, err := otlp.Decode([]byte(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},` +
		`"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","name":"GET /","kind":"SPAN_KIND_SERVER",` +
		`"startTimeUnixNano":"1700000000000250000","endTimeUnixNano":"1700000000012500000"}]}]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range batches {
		service, _ := b.Resource.Attribute("service.name")
		for _, d := range b.Spans {
			fmt.Println(service.Str(), d.SpanContext.TraceID, d.Name, d.Kind, d.End-d.Start)
		}
	}

	_, err = otlp.Decode([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"1"}]}]}]}`))
	fmt.Println(err)
	// Output:
	// shop 00000000000000000000000000000001 GET / server 12250000
	// otlp: resourceSpans[0].scopeSpans[0].spans[0]: traceId: want 32 hex digits, got "1"
}
