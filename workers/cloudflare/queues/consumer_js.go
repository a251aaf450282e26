package queues

import (
	"context"

	"github.com/syumai/workers/cloudflare/queues"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/trigger"
)

// Consumer handles a batch of messages. ctx carries the batch's span.
type Consumer func(ctx context.Context, batch *MessageBatch) error

// Consume sets the consumer and blocks, as syumai/workers' does. tp records each batch as a trace; nil records nothing.
func Consume(tp *trace.TracerProvider, f Consumer) { queues.Consume(traced(tp, f)) }

// ConsumeNonBlock sets the consumer and returns at once. tp records each batch as a trace; nil records nothing.
func ConsumeNonBlock(tp *trace.TracerProvider, f Consumer) { queues.ConsumeNonBlock(traced(tp, f)) }

func traced(tp *trace.TracerProvider, f Consumer) queues.Consumer {
	return func(batch *MessageBatch) error {
		return trigger.Run(context.Background(), tp, "process "+batch.Queue, trace.SpanKindConsumer, func(ctx context.Context) error {
			return f(ctx, batch)
		},
			trace.String("faas.trigger", "pubsub"),
			trace.String("messaging.system", system),
			trace.String("messaging.operation.name", "process"),
			trace.String("messaging.operation.type", "process"),
			trace.String("messaging.destination.name", batch.Queue),
			trace.Int("messaging.batch.message_count", len(batch.Messages)),
		)
	}
}
