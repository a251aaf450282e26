// Package otlphttp sends traces to an OpenTelemetry Collector, or to any receiver of OTLP over HTTP, as JSON:
// https://opentelemetry.io/docs/specs/otlp/#otlphttp.
//
//	exporter := otlphttp.New(otlphttp.Config{
//		URL:       "https://collector.example",
//		Transport: backend.Named("collector"),
//	})
//
// How a request gets there is the [Transport]'s business: otlphttp/nethttp has the one for net/http, otlphttp/backend those for
// Fastly Compute, otlphttp/fetch the one for pages, and a function is one too. This package imports none of them.
//
// An [Exporter] is a trace.Exporter, which makes one POST for each local trace before Export returns: what a Compute service
// needs, whose client has its response by then. And it is a batch.Sink: behind a batch.Processor, many local traces are one
// POST, under one resource, and Export does not wait.
//
// A status of 2xx is success, but for the spans that the receiver says it has rejected. After 429, 502, 503 and 504, and when
// there is no response at all, a request is sent again: after Retry-After, or after a time that doubles and is partly random.
// Anything else is final. Redirects are not followed, since a request that carries credentials goes where it was told to. A
// 200 with a page of HTML is no receiver.
//
// Nothing of this reaches the request that is traced. What is lost is counted in [Stats], and told once through
// trace.Config.OnError. Headers and the query of the receiver's URL are in no error and no text that this package makes.
package otlphttp
