//go:build !wasm && !edgespan_small

package json

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEightDigitsAll(t *testing.T) {
	for v := range uint64(10_000) { // the two halves are computed in the same way and independently
		want := v/1000 | v/100%10<<8 | v/10%10<<16 | v%10<<24
		require.Equal(t, want<<32, eightDigits(v))
		require.Equal(t, want<<32|want, eightDigits(v*10_000+v))
		require.Equal(t, 0x09090909<<32|want, eightDigits(v*10_000+9999))
	}
}

func TestPutTimes(t *testing.T) {
	const tenth = 100_000_000
	for v := uint64(1_000_000_000_000_000_000); v < math.MaxInt64-1_234_567_891_234_567; v += 1_234_567_891_234_567 {
		// Within a tenth of a second, to its end, and beyond.
		for _, length := range []uint64{0, 1, tenth - v%tenth - 1, tenth - v%tenth, tenth, 987_654_321_987} {
			var start, end [19]byte
			PutTimes(&start, &end, v, v+length)
			require.Equal(t, strconv.FormatUint(v, 10), string(start[:]))
			require.Equal(t, strconv.FormatUint(v+length, 10), string(end[:]))
		}
	}
	var start, end [19]byte
	PutTimes(&start, &end, math.MaxInt64, 1_000_000_000_000_000_000) // an end before the start, which callers avoid
	require.Equal(t, "9223372036854775807 1000000000000000000", string(start[:])+" "+string(end[:]))
}
