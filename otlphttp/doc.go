// Package otlphttp sends traces to an OpenTelemetry Collector, or to any other receiver of OTLP over HTTP. Bodies are JSON:
// https://opentelemetry.io/docs/specs/otlp/#otlphttp.
//
//	exporter := otlphttp.New(otlphttp.Config{
//		URL:       "https://collector.example",
//		Transport: backend.Named("collector"),
//	})
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: exporter})
//
// # Transports
//
// A [Transport] sends the requests. otlphttp/nethttp has one for net/http, otlphttp/backend has those for Fastly Compute, and
// otlphttp/fetch has one for pages. A function can be one too, see [TransportFunc]. This package imports none of them.
//
// # One trace at a time, or many
//
// An [Exporter] is a trace.Exporter. Its Export makes one POST for each local trace and returns when that is done. This suits a
// Compute service, whose client has its response by then.
//
// An Exporter is also a batch.Sink. Behind a batch.Processor, many local traces share one POST and one resource, and Export
// does not wait.
//
// # Success and failure
//
// A status of 2xx is a success, except for the spans that the receiver reports as rejected. After 429, 502, 503 and 504, and if
// there is no response, the request is sent again, after the time in Retry-After or after a time that doubles and is partly
// random. Any other status is final. Redirects are not followed, because a request with credentials must go only to the
// configured URL. A 2xx with an HTML page does not come from a receiver, so the request is sent again.
//
// Failures never reach the request that is traced. Lost spans are counted in [Stats], and errors are reported once to
// trace.Config.OnError. Errors and other texts of this package never contain headers or the query of the receiver's URL.
package otlphttp
