// Package erl is compute-sdk-go's edge rate limiting with a span for each call. Package platform tells what all twins have in
// common.
//
// The spans have the names of counter and penalty box, and what the call found out. The entry comes with platform.WithKeys.
package erl

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/erl"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What is the same here and there.
type (
	CounterDuration = erl.CounterDuration
	Policy          = erl.Policy
	RateWindow      = erl.RateWindow
)

// The original's errors, windows of rates, and spans of counts.
var (
	ErrInvalidArgument = erl.ErrInvalidArgument
	ErrUnexpected      = erl.ErrUnexpected

	RateWindow1s  = erl.RateWindow1s
	RateWindow10s = erl.RateWindow10s
	RateWindow60s = erl.RateWindow60s

	CounterDuration10s = erl.CounterDuration10s
	CounterDuration20s = erl.CounterDuration20s
	CounterDuration30s = erl.CounterDuration30s
	CounterDuration40s = erl.CounterDuration40s
	CounterDuration50s = erl.CounterDuration50s
	CounterDuration60s = erl.CounterDuration60s
)

// RateCounter is a counter whose calls have spans.
type RateCounter struct {
	*erl.RateCounter
	ctx  context.Context
	name string
}

// OpenRateCounter is the original's. Calls are children of the span that ctx carries.
func OpenRateCounter(ctx context.Context, name string) *RateCounter {
	return &RateCounter{erl.OpenRateCounter(name), ctx, name}
}

// WithContext returns the counter for calls below another span.
func (rc *RateCounter) WithContext(ctx context.Context) *RateCounter {
	return &RateCounter{rc.RateCounter, ctx, rc.name}
}

// Increment is the original's.
func (rc *RateCounter) Increment(entry string, delta uint32) error {
	span := start(rc.ctx, "erl increment", counter, rc.name, entry)
	defer span.End()
	err := rc.RateCounter.Increment(entry, delta)
	note(span, "fastly.erl.delta", delta, err)
	return err
}

// LookupRate is the original's.
func (rc *RateCounter) LookupRate(entry string, window RateWindow) (uint32, error) {
	span := start(rc.ctx, "erl lookup_rate", counter, rc.name, entry)
	defer span.End()
	v, err := rc.RateCounter.LookupRate(entry, window)
	note(span, "fastly.erl.rate", v, err)
	return v, err
}

// LookupCount is the original's.
func (rc *RateCounter) LookupCount(entry string, duration CounterDuration) (uint32, error) {
	span := start(rc.ctx, "erl lookup_count", counter, rc.name, entry)
	defer span.End()
	v, err := rc.RateCounter.LookupCount(entry, duration)
	note(span, "fastly.erl.count", v, err)
	return v, err
}

// PenaltyBox is a penalty box whose calls have spans.
type PenaltyBox struct {
	*erl.PenaltyBox
	ctx  context.Context
	name string
}

// OpenPenaltyBox is the original's. Calls are children of the span that ctx carries.
func OpenPenaltyBox(ctx context.Context, name string) *PenaltyBox {
	return &PenaltyBox{erl.OpenPenaltyBox(name), ctx, name}
}

// WithContext returns the penalty box for calls below another span.
func (pb *PenaltyBox) WithContext(ctx context.Context) *PenaltyBox {
	return &PenaltyBox{pb.PenaltyBox, ctx, pb.name}
}

// Add is the original's.
func (pb *PenaltyBox) Add(entry string, ttl time.Duration) error {
	span := start(pb.ctx, "erl penalize", penaltyBox, pb.name, entry)
	defer span.End()
	err := pb.PenaltyBox.Add(entry, ttl)
	fail(span, err)
	return err
}

// Has is the original's.
func (pb *PenaltyBox) Has(entry string) (bool, error) {
	span := start(pb.ctx, "erl has", penaltyBox, pb.name, entry)
	defer span.End()
	ok, err := pb.PenaltyBox.Has(entry)
	blocked(span, ok, err)
	return ok, err
}

// RateLimiter joins a counter and a penalty box.
type RateLimiter struct {
	RateCounter *RateCounter
	PenaltyBox  *PenaltyBox
}

// NewRateLimiter is the original's. Its calls are children of the span that the counter was opened with.
func NewRateLimiter(rc *RateCounter, pb *PenaltyBox) *RateLimiter {
	return &RateLimiter{RateCounter: rc, PenaltyBox: pb}
}

// CheckRate is the original's. The span has both names, and whether the entry is blocked.
func (l *RateLimiter) CheckRate(entry string, delta uint32, policy *Policy) (bool, error) {
	rc, pb := l.RateCounter, l.PenaltyBox
	span := start(rc.ctx, "erl check_rate", counter, rc.name, entry)
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.String(penaltyBox, pb.name), trace.Int64("fastly.erl.delta", int64(delta)))
	}
	original := erl.RateLimiter{RateCounter: rc.RateCounter, PenaltyBox: pb.PenaltyBox}
	ok, err := original.CheckRate(entry, delta, policy)
	blocked(span, ok, err)
	return ok, err
}

const (
	counter    = "fastly.erl.rate_counter"
	penaltyBox = "fastly.erl.penalty_box"
)

func start(ctx context.Context, operation, what, name, entry string) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String(what, name))
		call.Key(ctx, span, "fastly.erl.entry", entry)
	}
	return span
}

func note(span *trace.Span, key string, value uint32, err error) {
	if err == nil && span != nil {
		span.SetAttributes(trace.Int64(key, int64(value)))
	}
	fail(span, err)
}

func blocked(span *trace.Span, is bool, err error) {
	if err == nil && span != nil {
		span.SetAttributes(trace.Bool("fastly.erl.blocked", is))
	}
	fail(span, err)
}

func fail(span *trace.Span, err error) {
	if err != nil && span != nil {
		call.Fail(span, err, call.Status{Err: ErrInvalidArgument, Name: "inval"}, call.Status{Err: ErrUnexpected, Name: "error"})
	}
}
