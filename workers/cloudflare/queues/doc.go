// Package queues is a drop-in replacement for cloudflare/queues of syumai/workers that records a CLIENT span for each send
// and a CONSUMER span for each batch. The spans follow the conventions for messaging,
// https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/.
//
//	jobs, err := queues.NewProducer(ctx, "JOBS")
//	err = jobs.SendText("7") // a CLIENT span, "send JOBS"
//
//	queues.ConsumeNonBlock(tp, consume) // a CONSUMER span for each batch, "process jobs"
//
// Messages of Cloudflare Queues have no headers, so each batch begins a trace of its own. To connect the two traces, put
// trace.SpanFromContext(ctx).SpanContext().Traceparent() into the message's body when you send it, and have the consumer add a
// link to that span.
//
// If the Worker also serves requests, call [ConsumeNonBlock] before workers.Serve. The documentation of package workers has the
// rules that all wrapper packages share.
package queues
