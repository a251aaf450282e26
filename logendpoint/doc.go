// Package logendpoint exports traces to a named Fastly log endpoint, which sends them on to Kafka, HTTPS, S3 or a vendor.
//
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: logendpoint.Open("otlp_logs")})
//
// # Lines
//
// Each line is written with one call of Write, and so is one log event. It is complete by itself, has no newline inside, and is
// not longer than [Config.LineLimit] bytes. By default it is one ExportTraceServiceRequest of OTLP/JSON,
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. [Config.Format] selects another format.
//
// A trace that is longer than a line is split into several lines, between spans. If a single span is too long for a line, its
// largest attribute values are dropped, and their number is in the span's droppedAttributesCount. If many events or links make
// it too long, the last of them are dropped and counted, exceptions after all others. The span's small attributes go last.
//
// # Errors
//
// The service goes on whatever happens to its log endpoint. An invalid name, and a write that the host refuses, are reported
// once to trace.Config.OnError, and [Endpoint.Stats] counts what was lost. Fastly does not report a write to an endpoint that
// the service does not have: such lines disappear without an error.
//
// # Several traces to a line
//
// In a sandbox that serves many requests, [OpenBatched] holds traces back and writes several to a line. Serve the requests with
// middleware.ServeMany, which has the traces written in time and before the sandbox ends:
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.OpenBatched("otlp_logs")})
//	middleware.ServeMany(tp, middleware.New(tp)(handler), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
//
// Under fsthttp.Serve and fsthttp.ServeMany nobody would do that, so there OpenBatched writes each trace at once.
//
// # Logs
//
// Logs need a log endpoint of their own. [OpenWriter] writes the lines of sdk/slogspan, or of any other logger, to it.
package logendpoint
