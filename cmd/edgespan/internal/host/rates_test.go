package host

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRates(t *testing.T) {
	r, me, other := newRates(), rateEntry{"rc", "me"}, rateEntry{"rc", "other"}
	at := func(seconds float64) time.Time {
		return time.Date(2026, 1, 2, 12, 1, 0, int(seconds*1e9), time.UTC)
	}
	for _, tick := range []float64{0, 9.999, 10, 10.001, 19} {
		r.count(me, 10, at(tick))
	}
	for _, tt := range []struct {
		now                   float64
		s1, s10, s60          uint64 // counts in these windows
		b10, b20, b30, bucket uint64
	}{
		{19, 10, 40, 50, 30, 50, 50, 50},
		{19.9, 10, 40, 50, 30, 50, 50, 50},
		{20, 0, 10, 50, 0, 30, 50, 50},
		{59, 0, 0, 50, 0, 0, 0, 50},
		{60, 0, 0, 40, 0, 0, 0, 30},
		{79, 0, 0, 0, 0, 0, 0, 0},
	} {
		now := at(tt.now)
		got := []uint64{r.within(me, time.Second, now), r.within(me, 10*time.Second, now), r.within(me, time.Minute, now),
			r.inBuckets(me, 10*time.Second, now), r.inBuckets(me, 20*time.Second, now), r.inBuckets(me, 30*time.Second, now), r.inBuckets(me, time.Minute, now)}
		require.Equal(t, []uint64{tt.s1, tt.s10, tt.s60, tt.b10, tt.b20, tt.b30, tt.bucket}, got, "%v", tt.now)
		require.Zero(t, r.within(other, time.Minute, now))
	}
	for i := range 1000 { // a flood within a tick makes one entry, and ticks that are too old for any window are dropped
		r.count(me, 1, at(200+float64(i)/1e6))
	}
	require.Len(t, r.ticks[me], 1)
	require.Equal(t, uint64(1000), r.within(me, time.Second, at(200.5)))

	r.penalize(me, at(60))
	require.True(t, r.penalized(me, at(59)))
	require.False(t, r.penalized(other, at(59)))
	r.penalize(me, at(120))
	require.True(t, r.penalized(me, at(119)))
	require.False(t, r.penalized(me, at(120)))
	require.Empty(t, r.boxes)
}

// Counters and boxes have limits. Above them the entry is dropped that was counted first, or would be free first.
func TestRatesHaveBounds(t *testing.T) {
	r, now := newRates(), time.Now()
	for i := range maxEntries + 3 {
		e := rateEntry{"rc", strconv.Itoa(i)}
		r.count(e, 1, now.Add(time.Duration(i)*time.Second))
		r.penalize(e, now.Add(time.Hour+time.Duration(i)))
	}
	require.Len(t, r.ticks, maxEntries)
	require.Len(t, r.boxes, maxEntries)
	require.NotContains(t, r.ticks, rateEntry{"rc", "2"})
	require.Contains(t, r.ticks, rateEntry{"rc", "3"})
	require.NotContains(t, r.boxes, rateEntry{"rc", "2"})
	require.Contains(t, r.boxes, rateEntry{"rc", "3"})
}
