// Package cached sets the attributes that the spans of the core cache and of the simple cache share.
package cached

import (
	"time"

	"github.com/fastly/compute-sdk-go/cache/core"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Looked records the result of a lookup outside of a transaction.
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

// Transacted records the result of a transaction's lookup. took is the time that the lookup took.
//
// The platform does not report whether the lookup waited for another request. It is assumed to have waited if the object is
// younger than took.
func Transacted(span *trace.Span, t *core.Transaction, took time.Duration) {
	switch {
	case t.MustInsert():
		outcome(span, "miss")
		span.SetAttributes(trace.Bool("fastly.cache.collapsed", false))
		return
	case t.MustInsertOrUpdate():
		outcome(span, "stale")
		span.SetAttributes(trace.Bool("fastly.cache.stale", true), trace.Bool("fastly.cache.collapsed", false))
		return // calling Found would open a body that the caller may not want
	}
	f, err := t.Found() // the transaction keeps the result for its caller
	switch {
	case err == core.ErrNotFound:
		return // the object does not exist, and this request is not to insert it
	case err != nil: // the caller gets the same error from Found
		outcome(span, "hit")
		return
	}
	found(span, f)
	span.SetAttributes(trace.Bool("fastly.cache.collapsed", f.Age < took))
}

// Writes records the ttl of the object that is to be written.
func Writes(span *trace.Span, ttl time.Duration) {
	if span != nil {
		span.SetAttributes(seconds("fastly.cache.ttl", ttl))
	}
}

func found(span *trace.Span, f *core.Found) {
	what := "hit"
	if f.Stale() {
		what = "stale"
	}
	outcome(span, what)
	span.SetAttributes(
		seconds("fastly.cache.age", f.Age),
		seconds("fastly.cache.ttl", f.TTL),
		trace.Bool("fastly.cache.stale", f.Stale()),
	)
}

// seconds is a time in whole seconds, as the spans of backend requests have it from the header Age. An attribute has one type
// everywhere: some stores of traces keep a column for each.
func seconds(key string, d time.Duration) trace.Attribute {
	return trace.Int64(key, int64(d/time.Second))
}

func outcome(span *trace.Span, what string) {
	span.SetAttributes(trace.String("fastly.cache.outcome", what))
}

// Fail records err on the span. It does nothing if err or span is nil.
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
