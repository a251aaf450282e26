package httpconv

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hidden returns what Query must make of a parameter: the value of the first secret in it, which may follow a '?' or ';', is
// REDACTED, with everything after it.
func hidden(r *Redactor, parameter string) string {
	for from := 0; from < len(parameter); {
		part := parameter[from:]
		if end := strings.IndexAny(part, "?;"); end >= 0 {
			part = part[:end]
		}
		if name, _, found := strings.Cut(part, "="); found && r.Hides(name) {
			if value := from + len(name) + 1; value < len(parameter) {
				return parameter[:value] + Redacted
			}
		}
		from += len(part) + 1
	}
	return parameter
}

// FuzzRedactQuery checks that the output has the same parameters in the same order. The value of a secret is REDACTED, and any
// other value is unchanged, except for the secrets of a URL in it.
func FuzzRedactQuery(f *testing.F) {
	for _, seed := range []string{
		"", "a=1&b=2", "token=x", "a=1;token=x&b", "user[password]=x&user%5Bpassword%5D=y", "%74oken=x", "=&=&==", "token=a=b;c", "a=1;sig=2;b=3",
		"access_token=\x00\xff&q=%zz", "TOKEN=1&;&token", "api-key=%26&a=%3D",
		"next=/cb?code=1?2&token?a=x", "a=?token=??b", "?=?code=",
	} {
		f.Add(seed)
	}
	r := NewRedactor([]string{"iban"}, []string{"page_token"})
	f.Fuzz(func(t *testing.T, raw string) {
		got := r.Query(raw)
		before, after := strings.Split(raw, "&"), strings.Split(got, "&")
		require.Len(t, after, len(before))
		for i := range before {
			require.Equal(t, hidden(&r, before[i]), after[i])
		}
		require.Equal(t, got, r.Query(got), "again, it changes nothing")

		// A parser finds the same names, and no other value of a secret than REDACTED.
		was, err := url.ParseQuery(raw)
		is, err2 := url.ParseQuery(got)
		if err != nil || err2 != nil || strings.Contains(raw, "?") { // url.ParseQuery refuses a ';'
			return
		}
		for name, values := range was {
			require.Len(t, is[name], len(values))
			for i, value := range values {
				switch {
				case value == "" || !r.Hides(url.QueryEscape(name)):
					require.Equal(t, value, is[name][i], name)
				default:
					require.Equal(t, Redacted, is[name][i], name)
				}
			}
		}
	})
}

// FuzzSecrets checks that the value of a parameter with a secret name is nowhere in the output, whatever surrounds it.
func FuzzSecrets(f *testing.F) {
	f.Add("a=1&", "token", "&b=2", uint8(0))
	f.Add("x;", "user[password]", ";", uint8(3))
	f.Add("%", "apiKey", "#", uint8(0xff))
	f.Fuzz(func(t *testing.T, before, name, after string, escape uint8) {
		const secret = "hunter2"
		if strings.ContainsAny(name, "&;=") || strings.Contains(name, secret) || strings.Contains(before+after, secret) || !IsSecret(url.QueryEscape(name)) {
			return
		}
		var key strings.Builder // the name in one of many spellings
		for i := 0; i < len(name); i++ {
			c := name[i]
			if escape&(1<<(i%8)) != 0 || c == '%' || c == '+' || c == '#' || c == '?' {
				key.WriteString(url.QueryEscape(string(rune(c))))
			} else {
				key.WriteByte(c)
			}
		}
		if strings.ContainsFunc(name, func(r rune) bool { return r > 0x7e }) || !IsSecret(key.String()) {
			return
		}
		raw := key.String() + "=" + secret + ";" + secret + "=?" + secret
		if before != "" {
			raw = before + "&" + raw
		}
		if after != "" {
			raw += "&" + after
		}
		var r Redactor
		require.NotContains(t, r.Query(raw), secret)
		require.NotContains(t, r.URL(&url.URL{Scheme: "https", Host: "h", RawQuery: raw}), secret)
	})
}

// FuzzURL checks that neither the credentials of a URL nor the values of its secrets are in url.full, and that an absolute URL
// stays absolute.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://bob:hunter2@h.example/a?token=hunter2#hunter2", "http:bob:hunter2@h", "//hunter2@h", "https://[::1]:80/%2F?a=1", "*", "mailto:hunter2@x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		var r Redactor
		got := r.URL(u)
		if u.User != nil {
			if password, ok := u.User.Password(); ok && password != "" && strings.Count(text, password) == 1 && !strings.Contains(Redacted, password) {
				require.NotContains(t, got, password)
			}
		}
		if u.Opaque != "" {
			return
		}
		again, err := url.Parse(got)
		if err != nil { // url.Parse was lenient, for example with a colon in a path
			return
		}
		require.Equal(t, u.Host, again.Host)
		require.Equal(t, u.Scheme, again.Scheme)
		if u.Host != "" && u.Path != "" {
			require.Equal(t, u.EscapedPath(), again.EscapedPath())
		}
	})
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"", "a:80", "[::1]:80", "::1", "[", "]:", "[]:1", ":::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		address, port := SplitHost(host)
		require.True(t, 0 <= port && port <= 65535)
		require.Contains(t, host, address)
		if !strings.ContainsAny(host, ":[]") {
			require.Equal(t, host, address)
			require.Zero(t, port)
		}
	})
}

// FuzzRedactText checks that the output differs only in what is replaced, has no secret that a parameter's name reveals, and
// does not change when it is redacted again.
func FuzzRedactText(f *testing.F) {
	for _, seed := range []string{
		"", "https://h.example/cb?token=x#id_token=y", "<https://h/?token=1>; rel=a, <//u:p@h/?b=2>", "//@", "//@@", "a//b@c//d@e", "?#<>", "#/a?code=1#/sig=2", "?a=//b@c ///d@e", strings.Repeat("<", 100),
	} {
		f.Add(seed, "s3cr3t")
	}
	var r Redactor
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := r.Text(text)
		require.Equal(t, got, r.Text(got), "again, it changes nothing")
		if !strings.ContainsAny(text, "?#") && !strings.Contains(text, "//") {
			require.Equal(t, text, got)
		}
		if strings.ContainsAny(secret, "&<>#?") || secret == "" || strings.Contains(text, secret) || strings.Contains(Redacted, secret) {
			return
		}
		for _, before := range []string{"https://h.example/cb?a=b&token=", "<//u:p@h.example#access_token="} {
			got = r.Text(text + "<" + before + secret + ">" + text)
			require.NotContains(t, strings.ReplaceAll(got, text, ""), before+secret)
			require.Contains(t, got, "token="+Redacted)
		}
	})
}
