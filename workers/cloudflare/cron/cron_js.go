package cron

import (
	"context"
	"time"

	"github.com/syumai/workers/cloudflare/cron"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/pending"
	"github.com/edgespan/edgespan/workers/internal/trigger"
)

// Aliases of the types in cloudflare/cron of syumai/workers.
type (
	Event = cron.Event
	Task  = cron.Task
)

// NewEvent returns the event that started the run to which ctx belongs.
func NewEvent(ctx context.Context) (*Event, error) { return cron.NewEvent(ctx) }

// ScheduleTask sets the task for cron triggers and blocks, as syumai/workers' does. tp records each run as a trace; nil records
// nothing.
func ScheduleTask(tp *trace.TracerProvider, task Task) { cron.ScheduleTask(traced(tp, task)) }

// ScheduleTaskNonBlock sets the task for cron triggers and returns at once. tp records each run as a trace; nil records
// nothing.
func ScheduleTaskNonBlock(tp *trace.TracerProvider, task Task) {
	cron.ScheduleTaskNonBlock(traced(tp, task))
}

// Done returns a channel that syumai/workers, as of version 0.31, never closes.
func Done() <-chan struct{} { return cron.Done() }

// eventOf returns the event that started a run, or nil if it is not one of the platform's: syumai/workers panics at an event without a time.
func eventOf(ctx context.Context) (event *Event) {
	defer func() { _ = recover() }()
	event, _ = cron.NewEvent(ctx)
	return event
}

func traced(tp *trace.TracerProvider, task Task) Task {
	return func(ctx context.Context) error {
		name, attrs := "cron", []trace.Attribute{trace.String("faas.trigger", "timer")}
		if event := eventOf(ctx); event != nil {
			if event.Cron != "" {
				name += " " + event.Cron
				attrs = append(attrs, trace.String("faas.cron", event.Cron))
			}
			attrs = append(attrs, trace.String("faas.time", event.ScheduledTime.UTC().Format(time.RFC3339)))
		}
		err := trigger.Run(ctx, tp, name, trace.SpanKindServer, task, attrs...)
		if err != nil { // syumai/workers panics with this error, which ends the program
			pending.Exports.Wait()
		}
		return err
	}
}
