// Package erl is a drop-in replacement for the edge rate limiting of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	limiter := erl.NewRateLimiter(erl.OpenRateCounter(ctx, "requests"), erl.OpenPenaltyBox(ctx, "blocked"))
//	blocked, err := limiter.CheckRate(client, 1, policy) // a CLIENT span, "erl check_rate requests"
//
// The span has the name of the rate counter or penalty box, and the result of the call. The entry is recorded only if the
// context comes from platform.WithKeys.
package erl

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/erl"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Aliases of the types in compute-sdk-go's erl.
type (
	CounterDuration = erl.CounterDuration
	Policy          = erl.Policy
	RateWindow      = erl.RateWindow
)

// The errors, rate windows and counter durations of compute-sdk-go's erl.
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

// RateCounter is compute-sdk-go's [erl.RateCounter] with a span for each of its calls.
type RateCounter struct {
	*erl.RateCounter
	ctx  context.Context
	name string
}

// OpenRateCounter returns the rate counter with this name. The spans of its calls are children of the span in ctx.
func OpenRateCounter(ctx context.Context, name string) *RateCounter {
	return &RateCounter{erl.OpenRateCounter(name), ctx, name}
}

// WithContext returns a copy of the rate counter whose spans are children of the span in ctx.
func (rc *RateCounter) WithContext(ctx context.Context) *RateCounter {
	return &RateCounter{rc.RateCounter, ctx, rc.name}
}

// Increment adds delta, at most 1000, to the count of entry.
func (rc *RateCounter) Increment(entry string, delta uint32) error {
	span := start(rc.ctx, "erl increment", counter, rc.name, entry)
	defer span.End()
	err := rc.RateCounter.Increment(entry, delta)
	note(span, "fastly.erl.delta", delta, err)
	return err
}

// LookupRate returns the rate of entry, in events per second, over window.
func (rc *RateCounter) LookupRate(entry string, window RateWindow) (uint32, error) {
	span := start(rc.ctx, "erl lookup_rate", counter, rc.name, entry)
	defer span.End()
	v, err := rc.RateCounter.LookupRate(entry, window)
	note(span, "fastly.erl.rate", v, err)
	return v, err
}

// LookupCount returns the estimated number of events of entry during duration.
func (rc *RateCounter) LookupCount(entry string, duration CounterDuration) (uint32, error) {
	span := start(rc.ctx, "erl lookup_count", counter, rc.name, entry)
	defer span.End()
	v, err := rc.RateCounter.LookupCount(entry, duration)
	note(span, "fastly.erl.count", v, err)
	return v, err
}

// PenaltyBox is compute-sdk-go's [erl.PenaltyBox] with a span for each of its calls.
type PenaltyBox struct {
	*erl.PenaltyBox
	ctx  context.Context
	name string
}

// OpenPenaltyBox returns the penalty box with this name. The spans of its calls are children of the span in ctx.
func OpenPenaltyBox(ctx context.Context, name string) *PenaltyBox {
	return &PenaltyBox{erl.OpenPenaltyBox(name), ctx, name}
}

// WithContext returns a copy of the penalty box whose spans are children of the span in ctx.
func (pb *PenaltyBox) WithContext(ctx context.Context) *PenaltyBox {
	return &PenaltyBox{pb.PenaltyBox, ctx, pb.name}
}

// Add puts entry into the penalty box for the time ttl.
func (pb *PenaltyBox) Add(entry string, ttl time.Duration) error {
	span := start(pb.ctx, "erl penalize", penaltyBox, pb.name, entry)
	defer span.End()
	err := pb.PenaltyBox.Add(entry, ttl)
	fail(span, err)
	return err
}

// Has reports whether entry is in the penalty box.
func (pb *PenaltyBox) Has(entry string) (bool, error) {
	span := start(pb.ctx, "erl has", penaltyBox, pb.name, entry)
	defer span.End()
	ok, err := pb.PenaltyBox.Has(entry)
	blocked(span, ok, err)
	return ok, err
}

// RateLimiter combines a rate counter and a penalty box.
type RateLimiter struct {
	RateCounter *RateCounter
	PenaltyBox  *PenaltyBox
}

// NewRateLimiter returns a RateLimiter. The spans of its calls are children of the span in the rate counter's context.
func NewRateLimiter(rc *RateCounter, pb *PenaltyBox) *RateLimiter {
	return &RateLimiter{RateCounter: rc, PenaltyBox: pb}
}

// CheckRate adds delta, at most 1000, to the count of entry. If entry then exceeds the policy's rate, it goes into the penalty box.
// CheckRate reports whether entry is in the penalty box. The span has both names and the result.
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
