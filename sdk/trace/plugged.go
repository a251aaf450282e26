package trace

import (
	"context"
	"errors"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// call is one call of code that the user has plugged into Config, with its parameters and its results.
//
// Everything that a plain service links is called through TracerProvider.ask, because each function that recovers adds to the
// size of a binary. Code that only some programs link recovers by itself: Keep.If, Flush, FlushDue and Shutdown. So does
// callExporter natively, for speed.
type call struct {
	what asked

	parameters SamplingParameters
	ctx        context.Context
	batch      *Batch

	traceID TraceID
	spanID  SpanID
	now     time.Time
	result  SamplingResult
	attrs   []Attribute
	err     error
}

type asked int

const (
	askTraceID asked = iota
	askSpanID
	askClock
	askSampler
	askKeep
	askDetector
	askExporter
	askOnError
)

var askedNames = [...]string{
	askTraceID:  "IDGenerator.NewTraceID",
	askSpanID:   "IDGenerator.NewSpanID",
	askClock:    "Config.Clock",
	askSampler:  "Sampler.Sample",
	askKeep:     "Config.Keep",
	askDetector: "ResourceDetector.DetectResource",
	askExporter: "Exporter.Export",
	askOnError:  "Config.OnError",
}

// ask calls the user's code. It reports a panic in it, and the request goes on without the results.
func (tp *TracerProvider) ask(q *call) {
	defer func() {
		if v := recover(); v != nil {
			q.err = panicked(askedNames[q.what], v)
			if q.what < askExporter { // the caller reports an error of the exporter, and a panic in OnError has nowhere to go
				tp.ReportError(q.err)
			}
		}
	}()
	switch c := &tp.config; q.what {
	case askTraceID:
		q.traceID = c.IDs.NewTraceID()
	case askSpanID:
		q.spanID = c.IDs.NewSpanID()
	case askClock:
		q.now = c.Clock()
	case askSampler:
		q.result = c.Sampler.Sample(q.parameters)
	case askKeep:
		k := c.Keep
		c.Keep = nil // stays nil if k is a nil pointer: HasRules panics then
		if k.HasRules() {
			c.Keep = k
		}
	case askDetector:
		if d, ok := c.Exporter.(ResourceDetector); ok {
			q.attrs = d.DetectResource()
		}
	case askExporter:
		q.err = c.Exporter.Export(q.ctx, q.batch)
	case askOnError:
		c.OnError(q.err)
	}
}

func panicked(where string, value any) error {
	return errors.New("trace: panic in " + where + ": " + fault.Message(value))
}
