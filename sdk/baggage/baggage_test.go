package baggage

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		in      string
		want    string
		dropped int
	}{
		{"", "", 0},
		{"a=1", "a=1", 0},
		{" a = 1 , b=2;p=q ;r", "a=1,b=2;p=q ;r", 0},
		{"a=1; \tp = q \t", "a=1;p = q", 0},
		{"a=b c,d=e\tf,g=h", "g=h", 2},
		{"a=1,a=2", "a=2", 0},
		{"a=%C3%A4%2C%25", "a=%C3%A4%2C%25", 0},
		{"a=%FF%41,b=%e2%82,c=%C3%A4", "a=%EF%BF%BDA,b=%EF%BF%BD,c=%C3%A4", 0},
		{"a=", "a=", 0},
		{"a=b=c", "a=b=c", 0},
		{"a", "", 1},
		{"=1,b c=1,d=\"x\",e=%zz,f=1", "f=1", 4},
		{"a=\x00,b=\r\n,c=\xff", "", 3},
		{"a=1;\r\nX-Evil: 1", "", 1},
		{",,,", "", 0},
	} {
		b, dropped := Parse(test.in)
		assert.Equal(t, test.want, b.String(), "%q", test.in)
		assert.Equal(t, test.dropped, dropped, "%q", test.in)
	}
}

// TestBytes checks for each byte whether it may be part of a key, as RFC 7230 says, and of a value, as the specification says.
func TestBytes(t *testing.T) {
	const token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		s := string([]byte{byte(c)})
		_, err := Baggage{}.With("k"+s, "")
		assert.Equal(t, strings.Contains(token, s), err == nil, "%q in a key", s)

		b, dropped := Parse("k=" + s + "v")
		inValue := c > ' ' && c < 0x7f && !strings.Contains(`",;\%`, s) || s == " " || s == "\t" // spaces and tabs are trimmed
		switch s {
		case ",": // ends the member, and v alone is not one
			inValue = false
			assert.Equal(t, 1, dropped)
		case ";":
			inValue = true
		}
		assert.Equal(t, inValue, dropped == 0, "%q in a value", s)
		b, _ = b.With("k", s)
		assert.Equal(t, strings.ToValidUTF8(s, "\uFFFD"), b.Get("k"))
		again, dropped := Parse(b.String())
		assert.Zero(t, dropped)
		assert.Equal(t, b.Get("k"), again.Get("k"), "%q", s)
	}
	_, err := Baggage{}.With("", "v")
	assert.Equal(t, errKey, err)
}

func TestLimits(t *testing.T) {
	var many []string
	for i := range 500 {
		many = append(many, "k"+strconv.Itoa(i)+"=v")
	}
	b, dropped := Parse(strings.Join(many, ","))
	require.Len(t, b.Members(), MaxMembers)
	require.Equal(t, 500-MaxMembers, dropped)
	full, dropped := Parse(strings.Join(many[:MaxMembers], ","), "k0=last,other=1")
	require.Equal(t, 1, dropped, "of a key that comes twice the last one counts, also where there is room for no other")
	require.Equal(t, "last", full.Get("k0"))
	again, err := full.With("k0", "changed")
	require.NoError(t, err)
	require.Equal(t, "changed", again.Get("k0"))
	kept, err := full.With("other", "1")
	require.Equal(t, errFull, err)
	require.Equal(t, full, kept)

	b, dropped = Parse("a=" + strings.Repeat("x", MaxBytes-2))
	require.Zero(t, dropped)
	require.Len(t, b.String(), MaxBytes)
	b, dropped = Parse("a="+strings.Repeat("x", MaxBytes-1), "b=1")
	require.Equal(t, 2, dropped)
	require.Empty(t, b.String())
	_, err = Baggage{}.With("a", strings.Repeat("ä", MaxBytes/3))
	require.Equal(t, errFull, err, "it counts as it is sent")
}

func TestWithAndContext(t *testing.T) {
	a, err := Baggage{}.With("user", "ä b,c")
	require.NoError(t, err)
	b, _ := a.With("user", "2")
	require.Equal(t, "ä b,c", a.Get("user"))
	require.Equal(t, "2", b.Get("user"))
	require.Equal(t, "user=%C3%A4%20b%2Cc", a.String())
	b, _ = a.With("user", "a\xffb")
	require.Equal(t, "a\uFFFDb", b.Get("user"))
	b, _ = Parse("a=1;ttl=5,b=2;ttl=6")
	b, _ = b.With("a", "3")
	require.Equal(t, "a=3,b=2;ttl=6", b.String(), "properties are of one value")
	_, err = a.With("no token", "")
	require.Equal(t, errKey, err)
	require.Equal(t, a, FromContext(ContextWithBaggage(context.Background(), a)))
	require.Equal(t, Baggage{}, FromContext(context.Background()))
}

// Baggage that was read is written within the limits as a valid header, and reads back the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a=1,b=%41;p", "a=1,,=,%=%", strings.Repeat("a=%20,", 400), "\xff=\x00", "a=1;;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, _ := Parse(s)
		out := b.String()
		require.LessOrEqual(t, len(out), MaxBytes)
		require.LessOrEqual(t, len(b.Members()), MaxMembers)
		for i := range len(out) {
			require.True(t, out[i] == '\t' || out[i] >= ' ' && out[i] < 0x7f)
		}
		again, dropped := Parse(out)
		require.Zero(t, dropped)
		require.Equal(t, out, again.String())
	})
}
