package erl_test

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/platform/erl"
)

// The span records whether the entry is blocked. It records the entry itself only below platform.WithKeys.
func ExampleRateLimiter_CheckRate() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		limiter := erl.NewRateLimiter(erl.OpenRateCounter(ctx, "requests"), erl.OpenPenaltyBox(ctx, "blocked"))
		blocked, err := limiter.CheckRate(r.RemoteAddr, 1, &erl.Policy{
			RateWindow: erl.RateWindow10s, MaxRate: 100, PenaltyBoxDuration: time.Minute,
		})
		if err == nil && blocked {
			w.WriteHeader(fsthttp.StatusTooManyRequests)
		}
	}
	_ = handle
}
