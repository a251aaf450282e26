//go:build go1.25

package otlphttp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// In these tests, time passes only when all goroutines wait.

func TestExportTriesAgain(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []Response // the last one is repeated; status 0 means no response
		took    time.Duration
		sent    uint64
	}{
		{"503 once", []Response{{Status: 503}, {Status: 200}}, time.Second, 2},
		{"no answer once", []Response{{}, {Status: 200}}, time.Second, 2},
		{"twice", []Response{{Status: 502}, {Status: 504}, {Status: 200}}, 3 * time.Second, 2},
		{"a page once", []Response{{Status: 200, Body: []byte("<html>")}, {Status: 200}}, time.Second, 2},
		{"in vain", []Response{{Status: 429}}, 3 * time.Second, 0},
		{"Retry-After", []Response{{Status: 429, RetryAfter: "5"}, {Status: 200}}, 5 * time.Second, 2},
		{"Retry-After is longer than the timeout", []Response{{Status: 503, RetryAfter: "60"}, {Status: 200}}, 0, 0},
		{"final", []Response{{Status: 400}}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				f := &fakeTransport{answer: func(*Request) (Response, error) {
					r := c.answers[min(n, len(c.answers)-1)]
					n++
					if r.Status == 0 {
						return r, errors.New("connection refused")
					}
					return r, nil
				}}
				began := time.Now()
				stats, err := export(t, Config{Transport: f}, spans(2))
				assert.Equal(t, c.sent == 0, err != nil, "an error that a later try made good is not returned: %v", err)
				took := time.Since(began)
				assert.LessOrEqual(t, took, c.took)
				assert.GreaterOrEqual(t, took, c.took/2)
				assert.Equal(t, c.sent, stats.Spans)
				assert.Equal(t, uint64(2), stats.Spans+stats.DroppedSpans+stats.RejectedSpans)
			})
		})
	}
}

// TestAttemptsAreOfEachRequest checks that a batch of several requests, each of which succeeds at the second try, is not lost
// because of their number.
func TestAttemptsAreOfEachRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := map[string]int{}
		f := &fakeTransport{answer: func(r *Request) (Response, error) {
			if tries[string(r.Body)]++; tries[string(r.Body)] == 1 {
				return Response{Status: 503}, nil
			}
			return Response{Status: 200}, nil
		}}
		stats, err := export(t, Config{Transport: f, MaxBody: 1, Attempts: 2, Timeout: time.Minute}, spans(5))
		require.Error(t, err, "no span fits into MaxBody")
		require.Equal(t, uint64(5), stats.DroppedSpans)

		one := len(line(spans(1)))
		stats, err = export(t, Config{Transport: f, MaxBody: one + 10, Attempts: 2, Timeout: time.Minute}, spans(5))
		require.NoError(t, err)
		assert.Equal(t, uint64(5), stats.Spans)
		assert.Zero(t, stats.DroppedSpans)
		assert.Len(t, tries, 5)
	})
}

func TestTimeoutBoundsExport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := TransportFunc(func(ctx context.Context, _ *Request) (Response, error) { <-ctx.Done(); return Response{}, ctx.Err() })
		began := time.Now()
		stats, err := export(t, Config{Transport: f, Timeout: 5 * time.Second}, spans(2))
		require.EqualError(t, err, "otlphttp: no answer within Config.Timeout, or a shorter limit of the Transport's or the caller's")
		assert.Equal(t, 5*time.Second, time.Since(began))
		assert.Equal(t, uint64(2), stats.DroppedSpans)
	})
}
