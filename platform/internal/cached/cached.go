// Package cached says of a cache's answer what the spans of the core and the simple cache say.
package cached

import (
	"time"

	"github.com/fastly/compute-sdk-go/cache/core"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Looked describes a lookup outside of a transaction.
func Looked(span *trace.Span, f *core.Found, err error) {
	switch {
	case span == nil:
	case err == core.ErrNotFound:
		outcome(span, "miss")
	case err != nil:
		Fail(span, err)
	default:
		found(span, f)
	}
}

// Transacted describes the lookup of a transaction, which took so long.
//
// The platform does not tell who has waited for another request. An object younger than the wait was made meanwhile.
func Transacted(span *trace.Span, t *core.Transaction, took time.Duration) {
	switch {
	case t.MustInsert():
		outcome(span, "miss")
		span.SetAttributes(trace.Bool("fastly.cache.collapsed", false))
		return
	case t.MustInsertOrUpdate():
		outcome(span, "stale")
		span.SetAttributes(trace.Bool("fastly.cache.stale", true), trace.Bool("fastly.cache.collapsed", false))
		return // Found would open a body that nobody may want before it is replaced
	}
	f, err := t.Found() // the transaction keeps it for its owner
	switch {
	case err == core.ErrNotFound:
		return // neither there nor ours to make
	case err != nil: // the owner will hear of it
		outcome(span, "hit")
		return
	}
	found(span, f)
	span.SetAttributes(trace.Bool("fastly.cache.collapsed", f.Age < took))
}

// Writes describes what is to be written.
func Writes(span *trace.Span, ttl time.Duration) {
	if span != nil {
		span.SetAttributes(trace.Float64("fastly.cache.ttl", ttl.Seconds()))
	}
}

func found(span *trace.Span, f *core.Found) {
	what := "hit"
	if f.Stale() {
		what = "stale"
	}
	outcome(span, what)
	span.SetAttributes(
		trace.Float64("fastly.cache.age", f.Age.Seconds()),
		trace.Float64("fastly.cache.ttl", f.TTL.Seconds()),
		trace.Bool("fastly.cache.stale", f.Stale()),
	)
}

func outcome(span *trace.Span, what string) {
	span.SetAttributes(trace.String("fastly.cache.outcome", what))
}

// Fail notes that a call has failed, if it has.
func Fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: core.ErrNotFound, Name: "not_found"},
		call.Status{Err: core.ErrInvalidArgument, Name: "inval"},
		call.Status{Err: core.ErrInvalidOperation, Name: "badf"},
		call.Status{Err: core.ErrLimitExceeded, Name: "limitexceeded"},
		call.Status{Err: core.ErrUnsupported, Name: "unsupported"},
		call.Status{Err: core.ErrUnexpected, Name: "error"},
	)
}
