package json

import "syscall/js"

// appendFinite leaves it to JavaScript, which writes the fewest digits as well, and as JSON has them: the tables that Go needs for
// it are 11 kB, and nothing makes them smaller.
func appendFinite(dst []byte, f float64) []byte {
	return append(dst, js.Global().Get("String").Invoke(f).String()...)
}
