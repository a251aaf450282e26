//go:build !windows

package host

import "time"

// walltime returns the time of day.
func walltime() (seconds int64, nanos int32) {
	now := time.Now()
	return now.Unix(), int32(now.Nanosecond())
}
