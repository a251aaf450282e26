package otlpanswer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		" 7 ":                            7 * time.Second,
		"120":                            2 * time.Minute,
		"99999999999999999999999999":     time.Hour,
		"-1":                             0,
		"1.5":                            0,
		"soon":                           0,
		"Sun, 01 Mar 2026 12:00:30 GMT":  30 * time.Second,
		"Sunday, 01-Mar-26 12:01:00 GMT": time.Minute,
		"Sun Mar  1 12:00:05 2026":       5 * time.Second,
		"Sun, 01 Mar 2026 11:59:00 GMT":  0,
		"Sun, 01 Mar 2099 12:00:30 GMT":  time.Hour,
		"Sun, 32 Mar 2026 12:00:30 GMT":  0,
	} {
		assert.Equal(t, want, RetryAfter(value, now), value)
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("30")
	f.Add("Sun, 01 Mar 2026 12:00:30 GMT")
	f.Fuzz(func(t *testing.T, value string) {
		d := RetryAfter(value, time.Now())
		assert.True(t, d >= 0 && d <= time.Hour)
	})
}
