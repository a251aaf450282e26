package waterfall

import (
	"fmt"
	"strconv"
	"time"
)

// formatDuration writes a duration with three significant digits and a suitable unit.
func formatDuration(d time.Duration, micro string) string {
	switch {
	case d <= 0:
		return "0"
	case d < time.Microsecond:
		return strconv.FormatInt(int64(d), 10) + "ns"
	case d >= 1000*24*time.Hour: // with hours it would be wider than durationWidth
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d >= 48*time.Hour:
		return fmt.Sprintf("%dd%dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
	case d >= time.Hour-time.Second/2:
		d = max(d, time.Hour)
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute-5*time.Millisecond:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	units := []struct {
		size time.Duration
		name string
	}{{time.Microsecond, micro}, {time.Millisecond, "ms"}, {time.Second, "s"}}
	for _, u := range units {
		v := float64(d) / float64(u.size)
		if v < 999.5 || u.size == time.Second {
			return three(v) + u.name
		}
	}
	return d.String()
}

func three(v float64) string {
	decimals := 0
	switch {
	case v < 9.995:
		decimals = 2
	case v < 99.95:
		decimals = 1
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}
