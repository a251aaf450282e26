package middleware

import (
	"net/url"
	"strings"
)

const redacted = "REDACTED"

// secretNames are names of secrets, and secretWords what is enough of such a name, in the form that normalize gives them.
// Among them are the sensitive query keys of https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/.
var (
	secretNames = []string{
		"apiauth", "auth", "authorization", "awsaccesskeyid", "accesskey", "accesskeyid", "code", "cookie", "fastlykey", "hmac",
		"jwt", "key", "otp", "pass", "proxyauthorization", "pwd", "session", "sessionid", "setcookie", "sid", "sig", "xauth",
	}
	secretWords = []string{
		"apikey", "assertion", "credential", "passcode", "passphrase", "passwd", "password", "privatekey", "samlresponse",
		"secret", "signature", "subscriptionkey", "token",
	}
)

// IsSecret reports whether values of a query parameter or header of this name are redacted by default. Case, percent
// encoding, and '-', '_', '.' and brackets make no difference.
func IsSecret(name string) bool { return isSecret(normalize(name)) }

func isSecret(normalized string) bool {
	n := len(normalized)
	for n > 0 && normalized[n-1]-'0' <= 9 { // "key[0]"
		n--
	}
	if contains(secretNames, normalized[:n]) {
		return true
	}
	for _, word := range secretWords {
		if strings.Contains(normalized, word) { // "password_confirmation"
			return true
		}
	}
	return false
}

// normalize returns the letters and digits of a name in lower case.
func normalize(name string) string {
	plain := true
	for i := 0; i < len(name) && plain; i++ {
		c := name[i]
		plain = 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
	}
	if plain {
		return name
	}
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	b := []byte(name)
	n := 0
	for _, c := range b {
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == '-' || c == '_' || c == '.' || c == '[' || c == ']':
			continue
		}
		b[n] = c
		n++
	}
	return string(b[:n])
}

// redactor decides by name. The zero value follows IsSecret.
type redactor struct {
	redact, reveal []string // normalized
}

func newRedactor(redact, reveal []string) redactor {
	return redactor{normalizeAll(redact), normalizeAll(reveal)}
}

func normalizeAll(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = normalize(name)
	}
	return all
}

//go:noinline
func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

func (r *redactor) hides(name string) bool {
	n := normalize(name)
	return contains(r.redact, n) || isSecret(n) && !contains(r.reveal, n)
}

// query returns a raw query with the values of secrets replaced, and itself where there are none.
func (r *redactor) query(raw string) string {
	var out []byte
	copied := 0 // of raw
	for at := 0; at < len(raw); at++ {
		name := at
		eq := -1
		for ; at < len(raw) && raw[at] != '&' && raw[at] != ';'; at++ {
			if raw[at] == '=' && eq < 0 {
				eq = at
			}
		}
		if eq >= 0 && eq+1 < at && r.hides(raw[name:eq]) {
			out = append(out, raw[copied:eq+1]+redacted...)
			copied = at
		}
	}
	if copied == 0 {
		return raw
	}
	return string(out) + raw[copied:]
}

// url returns u as url.full has it: absolute, credentials and secrets replaced, without the fragment, which is not sent.
func (r *redactor) url(u *url.URL) string {
	path, query := u.EscapedPath(), r.query(u.RawQuery)
	var b strings.Builder
	b.Grow(len(u.Scheme) + len("://") + len(u.Host) + len(path) + len(query) + 1)
	if u.Scheme != "" {
		b.WriteString(u.Scheme)
		b.WriteByte(':')
	}
	if u.Opaque != "" {
		opaque := u.Opaque
		if i := strings.LastIndexByte(opaque, '@'); i >= 0 {
			b.WriteString(redacted + ":" + redacted)
			opaque = opaque[i:]
		}
		b.WriteString(opaque)
	} else {
		if u.Host != "" || u.User != nil {
			b.WriteString("//")
		}
		if u.User != nil {
			b.WriteString(redacted + ":" + redacted + "@")
		}
		b.WriteString(u.Host)
		if path != "" && path[0] != '/' && u.Host != "" {
			b.WriteByte('/')
		}
		b.WriteString(path)
	}
	if query != "" || u.ForceQuery {
		b.WriteByte('?')
		b.WriteString(query)
	}
	return b.String()
}
