package compact

import (
	"math"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/internal/json"
)

const nanosPerMilli = 1_000_000

// appendMillis appends a number of nanoseconds as milliseconds with an exact fraction, such as 1.50025 for 1500250.
func appendMillis(dst []byte, nanos int64) []byte {
	if nanos < 0 {
		return appendFraction(append(dst, '-'), -uint64(nanos))
	}
	return appendFraction(dst, uint64(nanos))
}

// appendDuration appends the milliseconds between two times. The difference may exceed an int64.
func appendDuration(dst []byte, start, end int64) []byte {
	if end < start {
		return appendFraction(append(dst, '-'), uint64(start)-uint64(end))
	}
	return appendFraction(dst, uint64(end)-uint64(start))
}

func appendFraction(dst []byte, nanos uint64) []byte {
	dst = json.AppendUint(dst, nanos/nanosPerMilli)
	fraction := nanos % nanosPerMilli
	if fraction == 0 {
		return dst
	}
	n := len(dst)
	dst = json.AppendUint(dst, fraction+nanosPerMilli) // with a 1 before the leading zeros,
	dst[n] = '.'                                       // in whose place comes the point
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// parseMillis parses milliseconds into nanoseconds, exactly, as a sign and a magnitude. Digits after the sixth of the fraction
// are cut off. A number with an exponent, which Append never writes, is parsed as a float64.
func parseMillis(s string) (negative bool, nanos uint64, ok bool) {
	s, negative = strings.CutPrefix(s, "-")
	if strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		f = math.Round(f * nanosPerMilli)
		if err != nil || !(f >= 0 && f < 1<<64) {
			return false, 0, false
		}
		return negative, uint64(f), true
	}
	whole, fraction, _ := strings.Cut(s, ".")
	ms, err := strconv.ParseUint(whole, 10, 64)
	if err != nil || ms > math.MaxUint64/nanosPerMilli {
		return false, 0, false
	}
	for i, scale := 0, uint64(nanosPerMilli); i < len(fraction); i++ {
		if fraction[i] < '0' || fraction[i] > '9' {
			return false, 0, false
		}
		scale /= 10
		nanos += uint64(fraction[i]-'0') * scale
	}
	if nanos += ms * nanosPerMilli; nanos < ms*nanosPerMilli {
		return false, 0, false
	}
	return negative, nanos, true
}

// addNanos adds a number of nanoseconds to a time, and reports whether the sum fits into an int64.
func addNanos(at int64, negative bool, nanos uint64) (int64, bool) {
	const offset = 1 << 63 // added to a time, so that the earliest is 0
	shifted := uint64(at) + offset
	if negative {
		return int64(shifted - nanos - offset), nanos <= shifted
	}
	return int64(shifted + nanos - offset), nanos <= math.MaxUint64-shifted
}
