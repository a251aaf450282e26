package queues_test

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare/queues"
)

// Since a message has no headers, its body carries the span context of its sender.
func ExampleNewProducer() {
	http.HandleFunc("POST /jobs", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		jobs, err := queues.NewProducer(ctx, "JOBS") // was queues.NewProducer("JOBS")
		if err == nil {
			err = jobs.SendText(trace.SpanFromContext(ctx).SpanContext().Traceparent())
		}
		if err != nil {
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
	})
}

// The batch's span, "process jobs", has a link to the span of each message's sender.
func ExampleConsume() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	queues.Consume(tp, func(ctx context.Context, batch *queues.MessageBatch) error {
		for _, message := range batch.Messages {
			body, err := message.StringBody()
			if err != nil {
				return err
			}
			if sender, err := trace.ParseTraceparent(body); err == nil {
				trace.SpanFromContext(ctx).AddLink(trace.Link{SpanContext: sender})
			}
		}
		batch.AckAll()
		return nil
	})
}
