//go:build !wasm && !edgespan_small

package json

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEightDigitsAll(t *testing.T) {
	for v := range uint64(10_000) { // the halves are worked on alike and apart
		want := v/1000 | v/100%10<<8 | v/10%10<<16 | v%10<<24
		require.Equal(t, want<<32, eightDigits(v))
		require.Equal(t, want<<32|want, eightDigits(v*10_000+v))
		require.Equal(t, 0x09090909<<32|want, eightDigits(v*10_000+9999))
	}
}

func TestPutNineteen(t *testing.T) {
	for v := uint64(1_000_000_000_000_000_000); v < math.MaxInt64-1_234_567_891_234_567; v += 1_234_567_891_234_567 {
		var dst [19]byte
		PutNineteen(&dst, v)
		require.Equal(t, strconv.FormatUint(v, 10), string(dst[:]))
	}
}
