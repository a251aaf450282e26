package redact

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "API-Key": "apikey", "user[pass_word].0": "userpassword0", "%41%4b%6D": "akm", "%5B%5d%2D": "",
		"%zztoken": "%zztoken", "%": "%", "%4": "%4", "a%%41": "a%a", "É_é": "Éé", "\xff-": "\xff",
	} {
		assert.Equal(t, want, normalize(in), in)
	}
}

// It says what package strings and net/url would.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"Access%5FToken", "a[b].c", "%C3%A9", "k%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		decoded, err := url.PathUnescape(s)
		if err != nil || !utf8.ValidString(decoded) {
			return
		}
		lower := strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, decoded)
		assert.Equal(t, strings.NewReplacer("-", "", "_", "", ".", "", "[", "", "]", "").Replace(lower), normalize(s))
	})
}
