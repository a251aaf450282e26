package trace

import (
	"context"
	"errors"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// call is a call of code that Config plugs in, and its answer. All that a plain service links go through TracerProvider.ask, since
// every function that recovers takes its place in a binary. What only some link recovers by itself: Keep.If, Flush and FlushDue; and
// natively so does callExporter, for speed.
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

// ask calls code from outside. A panic in it is reported, and costs the request nothing but the answer.
func (tp *TracerProvider) ask(q *call) {
	defer func() {
		if v := recover(); v != nil {
			q.err = panicked(askedNames[q.what], v)
			if q.what < askExporter { // whose error its caller reports; and a report that fails has nowhere to go
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
		c.Keep = nil // also where k is a pointer that is nil
		if !k.isZero() {
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
