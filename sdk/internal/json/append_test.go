package json

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppendTextEveryByteAtEveryPlace(t *testing.T) {
	for length := 1; length <= 27; length++ {
		for at := range length {
			for c := range 256 {
				b := []byte(strings.Repeat("a", length))
				b[at] = byte(c)
				checkText(t, string(b))
			}
		}
	}
}

func TestAppendText(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"plain":                    "plain",
		"a\"b":                     `a\"b`,
		`C:\temp`:                  `C:\\temp`,
		"\n\r\t\x00\x1f":           `\n\r\t\u0000\u001f`,
		"caf\u00e9":                "caf\u00e9",
		"\u2028\u2029":             `\u2028\u2029`,
		"a\xffb":                   "a\uFFFDb",
		"\xe2\x80":                 "\uFFFD\uFFFD",
		"\uFFFD":                   "\uFFFD",
		"\U0001F600":               "\U0001F600",
		"long enough to be \" cut": `long enough to be \" cut`,
	} {
		assert.Equal(t, "x"+want, string(AppendText([]byte("x"), in)))
	}
}

func checkText(t *testing.T, s string) {
	got := AppendString([]byte("["), s)[1:]
	var back string
	require.NoError(t, json.Unmarshal(got, &back), "%q gives %s", s, got)
	if utf8.ValidString(s) {
		require.Equal(t, s, back)
	} else {
		want, _ := json.Marshal(s)
		var reference string
		_ = json.Unmarshal(want, &reference)
		require.Equal(t, reference, back)
	}
	for _, c := range got {
		require.True(t, c >= 0x20, "%q gives %q", s, got)
	}
	require.True(t, utf8.Valid(got))
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "GET", "/api/items/7?q=1", "a\x00b", "\xff\xfe", "\u2028", `"\`} {
		f.Add(s)
	}
	f.Fuzz(checkText)
}

func TestAppendUint(t *testing.T) {
	check := func(v uint64) {
		require.Equal(t, "x"+strconv.FormatUint(v, 10), string(AppendUint([]byte("x"), v)))
	}
	for v := range uint64(100_000) {
		check(v)
	}
	for power := uint64(1); power <= math.MaxUint64/10; power *= 10 {
		for d := uint64(1); d < 10; d++ {
			check(power * d)
			check(power*d - 1)
			check(power*d + 1)
		}
	}
	for v := uint64(1); v < 1<<62; v = v*3 + 7 {
		check(v)
		check(math.MaxUint64 - v)
	}
	check(math.MaxUint64)
}

func TestAppendInt(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 200, math.MaxInt64, math.MinInt64} {
		assert.Equal(t, strconv.FormatInt(v, 10), string(AppendInt(nil, v)))
	}
}

func TestAppendFloat(t *testing.T) {
	for _, c := range []struct {
		in           float64
		plain, point string
	}{
		{0, "0", "0.0"},
		{math.Copysign(0, -1), "-0", "-0.0"},
		{1.5, "1.5", "1.5"},
		{3, "3", "3.0"},
		{1e21, "1e+21", "1e+21"},
		{math.SmallestNonzeroFloat64, "5e-324", "5e-324"},
		{math.NaN(), `"NaN"`, `"NaN"`},
		{math.Inf(1), `"Infinity"`, `"Infinity"`},
		{math.Inf(-1), `"-Infinity"`, `"-Infinity"`},
	} {
		assert.Equal(t, c.plain, string(AppendFloat(nil, c.in, false)))
		assert.Equal(t, c.point, string(AppendFloat(nil, c.in, true)))
	}
}
