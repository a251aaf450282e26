// Package trace is Edgespan's tracer: spans, samplers, and the provider that hands finished traces on.
//
// A [TracerProvider] is made once. [TracerProvider.Start] makes the root of a local trace, which is the part of a trace that this process
// makes: on Fastly Compute, all that one request did. [Start] and [StartWith] make children of the span that a context
// carries; there is no global, and no tracer to pass along. A [Span] takes attributes, events, links, errors and a status
// until End.
//
// The way of one request: the [Sampler] is asked when the root starts. The spans are collected in storage that belongs to
// the local trace. When the root ends, [Keep] has the last word, and the whole local trace goes to the [Exporter] in one call,
// as a [Batch] of [SpanData], whose lists are those that the spans were collected in. A span that ends later is exported by
// itself when it does. Then the storage serves another request, and a handle from before finds that it has nothing to
// write to.
//
// Nothing here may break a request: a nil *TracerProvider and a nil *Span take every call, what exceeds a limit is dropped
// and counted, and what fails goes to [Config.OnError]. All methods may be called from any goroutine.
//
// Names and semantics are OpenTelemetry's, https://opentelemetry.io/docs/specs/otel/trace/, and the context that crosses
// processes is that of https://www.w3.org/TR/trace-context-2/.
package trace
