// Package logendpoint exports traces to a named Fastly log endpoint, which carries them on to Kafka, HTTPS, S3 or a vendor.
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
//
// Every line is one Write, and so one log event: complete by itself, without a newline inside, and not longer than
// [Config.LineLimit]. A trace above that is split by spans into several lines. A span that is too large alone loses its
// largest attribute values, which the span's dropped_attributes_count tells, and stays.
//
// Fastly takes a write to an endpoint that the service does not have without a word. What goes wrong before that (a name
// that no endpoint can have, a host that refuses the write) is told once through trace.Config.OnError; the service goes on,
// and [Endpoint.Stats] counts what was lost.
//
// In a sandbox that serves many requests, [OpenBatched] holds traces back and writes several to a line. It takes
// middleware.ServeMany, which sees that they leave in time, and before the sandbox ends. Under fsthttp.Serve, and ServeMany of
// fsthttp, nobody would: there OpenBatched writes each trace at once.
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.OpenBatched("otlp_logs")})
//	middleware.ServeMany(tp, middleware.New(tp)(handler), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
//
// Logs go to an endpoint of their own: [OpenWriter] takes the lines of sdk/slogspan, or of any logger.
package logendpoint
