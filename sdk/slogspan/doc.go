// Package slogspan is a log/slog [Handler] that adds trace and span ids to records, and writes all records of a request as one
// line.
//
//	logs := slogspan.NewHandler(logendpoint.OpenWriter("logs"), slogspan.Config{Provider: tp})
//	logger := slog.New(logs)
//	fsthttp.Serve(middleware.New(tp, middleware.Config{
//		AfterResponse: []func(context.Context){logs.AfterResponse()},
//	})(handler))
//
//	logger.InfoContext(ctx, "cart is full", "items", 12) // ctx carries a span: its trace id and span id are written
//
// A Handler writes to an io.Writer, such as a log endpoint, a file or standard output, with one Write for each line. OTLP lines
// are ExportLogsServiceRequests, https://opentelemetry.io/docs/specs/otlp/. JSON lines are those of slog.JSONHandler with
// trace_id, span_id and service.name.
//
// # When records are written
//
// Handle encodes a record at once, so that it shows the values of that moment, and keeps no reference to it. If the context
// carries a span, the record waits with the others of its trace. The function that [Handler.AfterResponse] returns writes them
// as one line with one resource. The middleware calls it when nobody waits for the request any more. A line that is full is
// written before that. So are the waiting records of a request when it logs a record of [Config.FlushLevel].
//
// A record without a span belongs to no request, so nobody could say when its line is complete. It is written at once. So is
// every record of a Handler whose AfterResponse was never called. [Handler.Flush] writes all waiting records.
//
// # Long lines and invalid values
//
// No line is longer than [Config.LineLimit] or has a newline inside. In a record that is too long for a line, the longest
// strings are shortened, and then the last attributes are dropped. The record has the number of both.
//
// Every line is valid JSON, whatever is logged. If a method LogValue, MarshalJSON, Error or String panics, a note replaces its
// value. A value that contains itself ends with "!DEPTH" after 32 levels.
//
// # Sampling, concurrency, size
//
// Records are written whether or not their trace is sampled. Bit 0 of the trace flags says whether it is, except for traces
// that a keep rule keeps.
//
// Levels, groups, attributes and WithAttrs follow log/slog and pass the tests of testing/slogtest. All methods may be called
// from any goroutine.
//
// Importing log/slog adds about half a megabyte to a service, see docs/logs.md. No other package of the SDK imports it.
package slogspan
