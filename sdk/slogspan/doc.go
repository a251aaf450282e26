// Package slogspan is a log/slog [Handler] whose records know their span, and leave with the rest of their request in one line.
//
//	logs := slogspan.NewHandler(logendpoint.OpenWriter("logs"), slogspan.Config{Provider: tp})
//	logger := slog.New(logs)
//
//	logger.InfoContext(ctx, "cart is full", "items", 12) // ctx carries a span: trace and span id are written
//
// A Handler writes to an io.Writer, one Write a line: a log endpoint, a file, standard output. OTLP lines are
// ExportLogsServiceRequests, https://opentelemetry.io/docs/specs/otlp/; JSON lines are those of slog.JSONHandler with
// trace_id, span_id and service.name.
//
// The way of one record: Handle encodes it at once, so that it shows the values of that moment, and keeps nothing of it. With a
// span in the context, the text waits with the others of its trace. What AfterResponse returns, which the middleware calls when
// nobody waits for the request any more, writes them: one resource, one line. A line that is full goes out before that, and so
// does what waits when a record of [Config.FlushLevel] comes. A record without a span belongs to no request, and nobody could say
// when its line is complete: it is written at once, and so is every record of a Handler whose AfterResponse was not asked for.
// Flush writes all that waits.
//
// No line is longer than [Config.LineLimit] or has a newline inside. A record that is too large alone has its longest strings
// shortened, then loses its last attributes; both are counted in the record. Whatever is logged, the line is valid JSON: what
// a LogValue, MarshalJSON, Error or String method does by panicking is written in its value's place, and a value that is in itself
// ends after 32 levels in "!DEPTH".
//
// Records are written whether or not their trace is sampled; bit 0 of the trace flags tells, but for traces that a keep rule
// keeps. Levels, groups, attributes and WithAttrs are as log/slog defines them, and testing/slogtest agrees. All methods may be
// called from any goroutine.
//
// Importing log/slog costs a service about half a megabyte, see docs/logs.md. No other package of the SDK does.
package slogspan
