// Package trigger traces work that is not started by an HTTP request.
package trigger

import (
	"context"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/exception"
	"github.com/edgespan/edgespan/workers/internal/pending"
)

// Run calls f in a span that is the root of a new trace. An error or a panic of f fails the span; the panic continues. tp may
// be nil.
func Run(ctx context.Context, tp *trace.TracerProvider, name string, kind trace.SpanKind, f func(context.Context) error, attrs ...trace.Attribute) error {
	ctx, span := tp.Start(ctx, name, trace.StartConfig{Kind: kind, NewRoot: true, Attributes: attrs})
	returned := false
	defer func() {
		if !returned {
			v := recover() // nil if f called runtime.Goexit
			kind, message := exception.Record(span, v, true)
			fail(span, kind, message)
			if v != nil {
				span.End()
				pending.Exports.Wait() // the panic will end the program
				panic(v)
			}
		}
		span.End()
	}()
	err := f(ctx)
	returned = true
	if err != nil {
		span.RecordError(err)
		fail(span, fault.TypeName(err), fault.Message(err))
	}
	return err
}

func fail(span *trace.Span, kind, message string) {
	span.SetOutcome(trace.String("error.type", kind))
	span.SetStatus(trace.StatusError, message)
}
