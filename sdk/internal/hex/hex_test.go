package hex

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPut8EveryByteAtEveryPlace(t *testing.T) {
	for at := range 8 {
		for b := range 256 {
			src := [8]byte{0xa9, 0x0f, 0xf0, 0x9a, 0x5e, 0, 0xff, 0x10}
			src[at] = byte(b)
			var dst [16]byte
			Put8(&dst, &src)
			require.Equal(t, hex.EncodeToString(src[:]), string(dst[:]))
			require.Equal(t, "x"+string(dst[:]), string(Append([]byte("x"), src[:])))
		}
	}
}

func TestPut(t *testing.T) {
	for b := range 256 {
		for size := range 17 {
			src := make([]byte, size)
			for i := range src {
				src[i] = byte(b + 37*i)
			}
			var dst [32]byte
			n := Put(&dst, src)
			require.Equal(t, hex.EncodeToString(src), string(dst[:n]))
			require.Equal(t, hex.EncodeToString(src), String(src))
		}
	}
}

func FuzzPut8(f *testing.F) {
	f.Add(uint64(0x0123456789abcdef))
	f.Fuzz(func(t *testing.T, v uint64) {
		var src, back [8]byte
		var dst [16]byte
		binary.BigEndian.PutUint64(src[:], v)
		Put8(&dst, &src)
		require.Equal(t, hex.EncodeToString(src[:]), string(dst[:]))
		require.True(t, Decode(back[:], string(dst[:])))
		require.Equal(t, src, back)
	})
}

func TestDecode(t *testing.T) {
	var b [2]byte
	assert.True(t, Decode(b[:], "09af"))
	assert.Equal(t, [2]byte{0x09, 0xaf}, b)
	for _, s := range []string{"", "0", "09a", "09af0", "09aF", "09ag", "0x09", " 9af", "\xff9af", strings.Repeat("0", 64)} {
		assert.False(t, Decode(b[:], s), "%q", s)
	}
}
