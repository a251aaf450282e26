package cron_test

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare/cron"
)

// Each run is a trace. Its root span is named "cron" followed by the schedule.
func ExampleScheduleTask() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	cron.ScheduleTask(tp, func(ctx context.Context) error {
		event, err := cron.NewEvent(ctx)
		if err != nil {
			return err
		}
		_, span := trace.Start(ctx, "tidy up", trace.String("before", event.ScheduledTime.String()))
		defer span.End()
		return nil
	})
}
