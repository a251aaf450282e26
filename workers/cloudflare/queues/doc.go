// Package queues is syumai/workers' cloudflare/queues with a PRODUCER span for each send and a CONSUMER span for each batch,
// after the conventions for messaging, https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/. Package workers
// tells what all twins have in common.
//
// Messages of Cloudflare's queues have no headers, so a batch begins a trace of its own. To tie the two together, put
// trace.SpanFromContext(ctx).SpanContext().Traceparent() into the message's body, and add a link to the consumer's span.
//
// Where several packages set handlers, let [ConsumeNonBlock] come before workers.Serve.
package queues
