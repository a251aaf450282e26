package otlphttp

import (
	"strings"
	"time"
)

// maxRetryAfter bounds what a receiver may ask for.
const maxRetryAfter = time.Hour

// dateLayouts are those of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7.
var dateLayouts = [...]string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}

// retryAfter reads the header of that name: seconds, or a date. It returns 0 for what is neither, or over.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	seconds := time.Duration(0)
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c < '0' || c > '9' {
			return untilDate(value, now)
		}
		seconds = min(seconds*10+time.Duration(c-'0'), maxRetryAfter/time.Second)
	}
	return seconds * time.Second
}

func untilDate(value string, now time.Time) time.Duration {
	for _, layout := range dateLayouts {
		if at, err := time.Parse(layout, value); err == nil {
			return min(max(at.Sub(now), 0), maxRetryAfter)
		}
	}
	return 0
}
