// Package tracetest helps to test code that makes spans. Its [Exporter] keeps the spans in memory. [Span] finds a span by its
// name, and the Assert functions check it:
//
//	exporter := tracetest.NewExporter()
//	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
//	… // run the code to be tested with tp
//	span := tracetest.Span(t, exporter.Spans(), "GET /items/{id}")
//	tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", 200))
//
// [AssertGolden] compares all spans with a file, as a [Waterfall] without ids and times:
//
//	tracetest.AssertGolden(t, "testdata/item.golden", exporter.Spans(), tracetest.Waterfall{Attributes: []string{"http.*"}})
//
// [Tree] draws spans as text that a test can compare with a string.
//
// With a [Clock] and [IDs] in the provider's Config, ids and times are the same in each run, so that a test can compare whole
// lines.
//
// An assertion that fails prints the spans that there are.
package tracetest

// TB is the part of testing.TB that this package uses, so that it does not import package testing.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}
