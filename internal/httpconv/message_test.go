package httpconv

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessage(t *testing.T) {
	r := NewRedactor([]string{"iban"}, nil)
	for text, want := range map[string]string{
		"":                  "",
		"no answer":         "no answer",
		"what? a@b.example": "what? a@b.example",
		`Get "https://api.example/items?api_key=s3cret&page=2": dial tcp: EOF`:    `Get "https://api.example/items?api_key=REDACTED&page=2": dial tcp: EOF`,
		"https://a.example/?token=s3cret: refused":                                "https://a.example/?token=REDACTED: refused",
		"(see https://a.example/?iban=s3cret), twice":                             "(see https://a.example/?iban=REDACTED), twice",
		"postgres://app:s3cret@db.example/shop: refused":                          "postgres://REDACTED:REDACTED@db.example/shop: refused",
		"from https://a.example/?sig=s3cret\nto <https://b.example/#code=s3cret>": "from https://a.example/?sig=REDACTED\nto <https://b.example/#code=REDACTED>",
		"a?token=s3cret b?token=s3cret":                                           "a?token=REDACTED b?token=REDACTED",
		"/cb?code=s3cret. Again.":                                                 "/cb?code=REDACTED. Again.",
		"\xff?token=s3cret\xff":                                                   "\xff?token=REDACTED",
	} {
		assert.Equal(t, want, r.Message(text), text)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add("https://api.example/items?page=", "2", "dial tcp: lookup api.example: no such host")
	f.Fuzz(func(t *testing.T, before, page, cause string) {
		var r Redactor
		const secret = "s3cret"
		if strings.Contains(before+page+cause, secret) {
			return
		}
		query := url.Values{"page": {page}, "token": {secret}}
		err := &url.Error{Op: "Get", URL: "https://api.example/?" + query.Encode(), Err: errors.New(cause)}
		got := r.Message(before + " " + err.Error())
		assert.NotContains(t, got, secret)
		assert.Equal(t, got, r.Message(got), "once is enough")
		if !strings.ContainsAny(cause, "?#@") {
			assert.True(t, strings.HasSuffix(got, cause), "the cause is kept")
		}
	})
}
