package otlpanswer

import (
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is the longest time that a receiver can ask for.
const maxRetryAfter = time.Hour

// RetryAfter returns how long to wait, from the value of a Retry-After header, which is a number of seconds or a date. It
// returns at most an hour, and 0 if the value is neither or the date has passed.
func RetryAfter(value string, now time.Time) time.Duration {
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

// untilDate reads the three forms of a date in https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. time.Parse would add 56 kB
// to a WebAssembly binary.
func untilDate(value string, now time.Time) time.Duration {
	f := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '-' || r == ':' })
	if len(f) != 8 && len(f) != 7 {
		return 0
	}
	day, month, year, clock := f[1], f[2], f[3], f[4:7] // Sun, 01 Mar 2026 12:00:30 GMT; Sunday, 01-Mar-26 12:00:30 GMT
	if !strings.HasSuffix(f[0], ",") {
		month, day, clock, year = f[1], f[2], f[3:6], f[6] // Sun Mar  1 12:00:30 2026
	}
	var n [5]int
	for i, text := range [5]string{day, year, clock[0], clock[1], clock[2]} {
		v, err := strconv.Atoi(text)
		if err != nil || v < 0 || v > 9999 || i != 1 && v > 60 {
			return 0
		}
		n[i] = v
	}
	dayOfMonth, fullYear, hour, minute, second := n[0], n[1], n[2], n[3], n[4]
	if fullYear < 100 {
		if fullYear += 2000; fullYear > now.Year()+50 { // the standard says that such a year is in the past
			fullYear -= 100
		}
	}
	m := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", month)
	if len(month) != 3 || m < 0 || m%3 != 0 || dayOfMonth < 1 || dayOfMonth > 31 {
		return 0
	}
	at := time.Date(fullYear, time.Month(m/3+1), dayOfMonth, hour, minute, second, 0, time.UTC)
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
