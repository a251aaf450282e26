package queues_test

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare/queues"
)

// The message takes along which span has sent it, since it has no headers.
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

// The span of a batch, "process jobs", has a link to each of those that have sent its messages.
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
