package json

import (
	"math"
	"syscall/js"
)

// appendFinite uses JavaScript, which also writes the fewest digits, and in the syntax of JSON. Go's own code needs tables of
// 11 kB. JavaScript leaves out the sign of zero.
func appendFinite(dst []byte, f float64) []byte {
	if f == 0 && math.Signbit(f) {
		dst = append(dst, '-')
	}
	return append(dst, js.Global().Get("String").Invoke(f).String()...)
}
