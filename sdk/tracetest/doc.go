// Package tracetest is for tests of code that makes spans.
//
// An [Exporter] keeps what it is given. Span picks a span by its name, the Assert functions check one, and [Tree] draws all of
// them as text that can be compared with what a test expects:
//
//	exporter := tracetest.NewExporter()
//	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
//	… // what is tested
//	span := tracetest.Span(t, exporter.Spans(), "GET /items/{id}")
//	tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", 200))
//
// [AssertGolden] compares all of them with a file, as a [Waterfall] without ids and times:
//
//	tracetest.AssertGolden(t, "testdata/item.golden", exporter.Spans(), tracetest.Waterfall{Attributes: []string{"http.*"}})
//
// With a [Clock] and [IDs] in the provider's Config, ids and times are the same in each run, so that whole lines compare.
//
// Where an assertion fails, it says what there was instead.
package tracetest

// TB is what the functions of this package use of testing.TB, so that the package does without package testing.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}
