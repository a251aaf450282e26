package trace_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestCustomIDs(t *testing.T) {
	f := newFixture(trace.Config{IDs: new(tracetest.IDs)})
	ctx, root := f.start("root")
	_, child := trace.Start(ctx, "child")
	assert.Equal(t, "00-00000000000000000000000000000001-0000000000000001-01", root.SpanContext().Traceparent(), "the generator has not said that its ids are random")
	assert.Equal(t, "00-00000000000000000000000000000001-0000000000000002-01", child.SpanContext().Traceparent())
	root.End()
	child.End()
	_, after := trace.Start(ctx, "after")
	assert.Equal(t, root.SpanContext().TraceID, after.SpanContext().TraceID)
	after.End()
}

// badIDs makes invalid ids.
type badIDs struct{ panics bool }

func (g badIDs) NewTraceID() (id trace.TraceID) {
	if g.panics {
		panic("no trace id")
	}
	return id
}

func (g badIDs) NewSpanID() (id trace.SpanID) {
	if g.panics {
		panic("no span id")
	}
	return id
}

func TestCustomIDsThatFail(t *testing.T) {
	for _, panics := range []bool{false, true} {
		f := newFixture(trace.Config{IDs: badIDs{panics}, ShortTraceIDs: true})
		ctx, root := f.start("root")
		_, child := trace.Start(ctx, "child")
		assert.True(t, root.SpanContext().IsValid())
		assert.True(t, child.SpanContext().IsValid())
		assert.NotEqual(t, root.SpanContext().SpanID, child.SpanContext().SpanID)
		assert.Equal(t, zeros[:16], root.SpanContext().TraceID.String()[:16], "as the configuration has it otherwise")
		child.End()
		root.End()
		assert.Equal(t, []string{"root child"}, f.names())
		if panics {
			// How often it is called after a failure is not specified.
			assert.Equal(t, []string{
				"trace: panic in IDGenerator.NewTraceID: no trace id",
				"trace: panic in IDGenerator.NewSpanID: no span id",
			}, slices.Compact(f.errors.all()))
		} else {
			assert.Empty(t, f.errors.all())
		}
	}
}
