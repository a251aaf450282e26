package view

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// Config says what to do with the inputs.
type Config struct {
	Inputs []inputs.Input
	Live   bool          // lines arrive over time, from all inputs concurrently
	Join   time.Duration // how long a trace of live inputs waits for more lines; of other inputs it waits for the end
	Filter traces.Filter
	Limits traces.Limits
	Output Output
	Raw    bool // keep the lines of each trace

	// Take, if set, gets each record when it is read. Output then gets no traces.
	Take func(lines.Record)

	// Text, if set, gets the lines that are not telemetry, safe to print on a terminal.
	Text func(line string)
	// Errors gets notices about inputs and lines that cannot be read.
	Errors io.Writer
}

// Output receives the traces.
type Output interface {
	// Trace takes one trace. All calls come from one goroutine.
	Trace(*traces.Trace) error
	// End is called once, after the last trace.
	End() error
}

// maxNotices is how many broken lines are reported.
const maxNotices = 3

// Run reads the inputs until their end, or until ctx ends. An error is that of an input or of the output. The content of a line is
// never an error.
func Run(ctx context.Context, cfg Config) (Tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &runner{Config: cfg, store: traces.NewStore(cfg.Limits)}
	r.store.Evicted = func(t *traces.Trace) {
		r.tally.Early++
		r.hand(t)
	}
	var ticks <-chan time.Time
	if cfg.Live {
		ticker := time.NewTicker(max(cfg.Join/5, time.Millisecond))
		defer ticker.Stop()
		ticks = ticker.C
	}
	items := read(ctx, cfg.Inputs, cfg.Live, cfg.Raw)
loop:
	for r.failed == nil {
		select {
		case it, ok := <-items:
			if !ok {
				break loop
			}
			r.add(it)
		case now := <-ticks:
			r.handAll(r.store.Idle(now.Add(-cfg.Join)))
		case <-ctx.Done():
			break loop
		}
	}
	r.handAll(r.store.All())
	if cfg.Output != nil {
		if err := cfg.Output.End(); r.failed == nil {
			r.failed = err
		}
	}
	return r.tally, errors.Join(append(r.inputErrs, r.failed)...)
}

// runner is the state of Run.
type runner struct {
	Config
	store     *traces.Store
	tally     Tally
	notices   int
	inputErrs []error
	failed    error // the output's first error
}

func (r *runner) add(it item) {
	r.tally.TooLong += it.tooLong
	r.tally.Lines += it.tooLong
	if it.err != nil {
		r.inputErrs = append(r.inputErrs, fmt.Errorf("%s: %w", it.input, it.err))
	}
	if it.err != nil || it.end {
		return
	}
	r.tally.Lines++
	if it.record.Kind == lines.Text {
		r.tally.Other++
		if r.Text != nil {
			r.Text(it.text)
		}
		return
	}
	if n := len(it.record.Unread); n > 0 {
		r.tally.Broken += n
		if r.notices++; r.notices <= maxNotices {
			fmt.Fprintf(r.Errors, "edgespan: %s:%d: %s\n", safetext.Clean(it.input), it.number, safetext.Clean(it.record.Err.Error()))
		}
	}
	for i := range it.record.Batches {
		r.tally.Spans += len(it.record.Batches[i].Spans)
	}
	r.tally.Logs += len(it.record.Logs)
	if r.Take != nil {
		r.Take(it.record)
		return
	}
	var raw *traces.Line
	if it.raw != nil {
		raw = &traces.Line{Text: it.raw}
	}
	r.store.Add(it.record, raw)
}

func (r *runner) handAll(list []*traces.Trace) {
	for _, t := range list {
		r.store.Remove(t)
		r.hand(t)
	}
}

func (r *runner) hand(t *traces.Trace) {
	if !r.Filter.Match(t) {
		r.tally.Hidden++
		return
	}
	r.tally.Traces++
	if t.Continued {
		r.tally.Parts++
	}
	if r.failed == nil {
		r.failed = r.Output.Trace(t)
	}
}
