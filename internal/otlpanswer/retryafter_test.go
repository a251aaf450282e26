package otlpanswer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRetryAfter(t *testing.T) {
	var cases struct {
		Now     time.Time
		Seconds map[string]int
	}
	readTable(t, "retryafter.json", &cases)
	for value, want := range cases.Seconds {
		assert.Equal(t, time.Duration(want)*time.Second, RetryAfter(value, cases.Now), value)
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
