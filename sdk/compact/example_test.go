package compact_test

import (
	"fmt"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
)

// batch is what an exporter receives.
var batch = &trace.Batch{
	Resource: trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")}),
	Spans: []trace.SpanData{{
		SpanContext: trace.SpanContext{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: 2}, TraceFlags: trace.FlagSampled},
		Name:        "GET /",
		Kind:        trace.SpanKindServer,
		Start:       1_700_000_000_000_250_000,
		End:         1_700_000_000_012_500_000,
		Attributes:  []trace.Attribute{trace.Int("http.response.status_code", 200)},
	}},
}

// Writes a span as a line for log stores and SQL.
func ExampleAppend() {
	fmt.Printf("%s\n", compact.Append(nil, batch))
	// Output:
	// {"trace_id":"00000000000000000000000000000001","span_id":"0000000000000002","trace_flags":1,"name":"GET /","kind":"server","start_time_ms":1700000000000.25,"end_time_ms":1700000000012.5,"duration_ms":12.25,"status":"unset","attributes":{"http.response.status_code":200},"resource":{"service.name":"shop"}}
}

// Writes a span as a line for Honeycomb's event API.
func ExampleAppendHoneycomb() {
	fmt.Printf("%s\n", compact.AppendHoneycomb(nil, batch))
	// Output:
	// {"time":"2023-11-14T22:13:20.00025Z","data":{"trace.trace_id":"00000000000000000000000000000001","trace.span_id":"0000000000000002","trace_flags":1,"name":"GET /","kind":"server","duration_ms":12.25,"status":"unset","service.name":"shop","http.response.status_code":200}}
}

// Writes a span as a line for BigQuery's streaming insert.
func ExampleAppendBigQuery() {
	fmt.Printf("%s\n", compact.AppendBigQuery(nil, batch))
	// Output:
	// {"trace_id":"00000000000000000000000000000001","span_id":"0000000000000002","trace_flags":1,"name":"GET /","kind":"server","start_time_ms":1700000000000.25,"end_time_ms":1700000000012.5,"duration_ms":12.25,"status":"unset","attributes":"{\"http.response.status_code\":200}","resource":"{\"service.name\":\"shop\"}","start_time":"2023-11-14T22:13:20.000250Z"}
}

// Reads a line back. An error says where in the line it is.
func ExampleDecode() {
	b, err := compact.Decode([]byte(`{"trace_id":"00000000000000000000000000000001","span_id":"0000000000000002","name":"GET /","kind":"server",` +
		`"start_time_ms":1700000000000.25,"duration_ms":12.25,"resource":{"service.name":"shop"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	service, _ := b.Resource.Attribute("service.name")
	d := &b.Spans[0]
	fmt.Println(service.Str(), d.Name, d.Kind, d.End-d.Start)

	_, err = compact.Decode([]byte(`{"trace_id":"00000000000000000000000000000001","span_id":"2"}`))
	fmt.Println(err)
	// Output:
	// shop GET / server 12250000
	// compact: span_id: want 16 hex digits, got "2"
}
