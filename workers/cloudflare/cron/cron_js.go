package cron

import (
	"context"
	"time"

	"github.com/syumai/workers/cloudflare/cron"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/pending"
	"github.com/edgespan/edgespan/workers/internal/trigger"
)

// What is the same here and there.
type (
	Event = cron.Event
	Task  = cron.Task
)

// NewEvent is the original's.
func NewEvent(ctx context.Context) (*Event, error) { return cron.NewEvent(ctx) }

// ScheduleTask is the original's, with the provider that traces each run.
func ScheduleTask(tp *trace.TracerProvider, task Task) { cron.ScheduleTask(traced(tp, task)) }

// ScheduleTaskNonBlock is the original's, with the provider that traces each run.
func ScheduleTaskNonBlock(tp *trace.TracerProvider, task Task) {
	cron.ScheduleTaskNonBlock(traced(tp, task))
}

// Done is the original's.
func Done() <-chan struct{} { return cron.Done() }

func traced(tp *trace.TracerProvider, task Task) Task {
	return func(ctx context.Context) error {
		name, attrs := "cron", []trace.Attribute{trace.String("faas.trigger", "timer")}
		if event, err := cron.NewEvent(ctx); err == nil {
			if event.Cron != "" {
				name += " " + event.Cron
				attrs = append(attrs, trace.String("faas.cron", event.Cron))
			}
			attrs = append(attrs, trace.String("faas.time", event.ScheduledTime.Format(time.RFC3339)))
		}
		err := trigger.Run(ctx, tp, name, trace.SpanKindInternal, task, attrs...)
		if err != nil { // which the original panics with
			pending.Exports.Wait()
		}
		return err
	}
}
