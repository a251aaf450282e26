package json

import (
	"math"
	"syscall/js"
)

// appendFinite leaves it to JavaScript, which writes the fewest digits as well, and as JSON has them: the tables that Go needs for
// it are 11 kB, and nothing makes them smaller. It leaves out the sign of zero.
func appendFinite(dst []byte, f float64) []byte {
	if f == 0 && math.Signbit(f) {
		dst = append(dst, '-')
	}
	return append(dst, js.Global().Get("String").Invoke(f).String()...)
}
