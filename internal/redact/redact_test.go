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
		"%zztoken": "%zztoken", "AZaz@[{": "azaz@{", "%4g%:1%1/": "%4g%:1%1/", "%3A%7a": ":z", "%": "%", "%4": "%4", "a%%41": "a%a", "É_é": "Éé", "\xff-": "\xff",
	} {
		assert.Equal(t, want, first(normalize(in)), in)
	}
}

func first(s string, _ int) string { return s }

func TestHides(t *testing.T) {
	n := Names{Words: []string{"iban"}}
	n.Set("page_token", false)
	n.Set("Colour", true)
	for _, name := range []string{"key", "key0", "key[9]", "code[10]", "X-Auth", "password_confirmation", "my-iban-2", "colour", "%74oken", "pass", "db_pwd", "X-Original-Cookie", "X-Shopify-Hmac-Sha256",
		"login[pass]", "login%5Bpass%5d", "Login[PIN]", "users[0][otp]", "login[pass][]", "login[pass][12]", "[key]", "a[b[key", "users[0].pass"} {
		assert.True(t, n.Hides(name), name)
	}
	for _, name := range []string{"", "0", "keys", "key/", "key:", "keyboard", "zipcode", "compass", "page.Token", "colours", "colour0", "apiauth.auth",
		"login[compass]", "[]", "a[0]", "key[a]", "login[pass][a]", "login.pass", "users[a].pass"} {
		assert.False(t, n.Hides(name), name)
	}
}

// The package does without strings and net/url. Here its results are compared with theirs.
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
		assert.Equal(t, strings.NewReplacer("-", "", "_", "", ".", "", "[", "", "]", "").Replace(lower), first(normalize(s)))
	})
}
