package httpconv

import (
	"net/url"
	"strings"
)

// Redacted stands for a value that is not recorded.
const Redacted = "REDACTED"

// secretNames are names of secrets, and secretWords what is enough of such a name, in the form that normalize gives them.
// Among them are the sensitive query keys of https://opentelemetry.io/docs/specs/semconv/registry/Attributes/url/.
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

// IsSecret reports whether values of a query parameter or header of this name are Redacted by default. Case, percent
// encoding, and '-', '_', '.' and brackets make no difference.
func IsSecret(name string) bool { return isSecret(normalize(name)) }

func isSecret(normalized string) bool {
	n := len(normalized)
	for n > 0 && normalized[n-1]-'0' <= 9 { // "key[0]"
		n--
	}
	if Contains(secretNames, normalized[:n]) {
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

// Redactor decides by name. The zero value follows IsSecret.
type Redactor struct {
	redact, reveal []string // normalized
}

// NewRedactor returns one that hides the first names as well, and not the second.
func NewRedactor(redact, reveal []string) Redactor {
	return Redactor{normalizeAll(redact), normalizeAll(reveal)}
}

func normalizeAll(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = normalize(name)
	}
	return all
}

// Contains reports whether name is in list.
//
//go:noinline
func Contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

// Hides reports whether values of a parameter or header of that name are replaced.
func (r *Redactor) Hides(name string) bool {
	n := normalize(name)
	return Contains(r.redact, n) || isSecret(n) && !Contains(r.reveal, n)
}

// Query returns a raw query with the values of secrets replaced, and itself where there are none.
func (r *Redactor) Query(raw string) string {
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
		if eq >= 0 && eq+1 < at && r.Hides(raw[name:eq]) {
			out = append(out, raw[copied:eq+1]+Redacted...)
			copied = at
		}
	}
	if copied == 0 {
		return raw
	}
	return string(out) + raw[copied:]
}

// URL returns u as url.full has it: absolute, credentials and secrets replaced, without the fragment, which is not sent.
func (r *Redactor) URL(u *url.URL) string {
	path, query := u.EscapedPath(), r.Query(u.RawQuery)
	var b strings.Builder
	b.Grow(len(u.Scheme) + len("://") + len(u.Host) + len(path) + len(query) + 1)
	if u.Scheme != "" {
		b.WriteString(u.Scheme)
		b.WriteByte(':')
	}
	if u.Opaque != "" {
		opaque := u.Opaque
		if i := strings.LastIndexByte(opaque, '@'); i >= 0 {
			b.WriteString(Redacted + ":" + Redacted)
			opaque = opaque[i:]
		}
		b.WriteString(opaque)
	} else {
		if u.Host != "" || u.User != nil {
			b.WriteString("//")
		}
		if u.User != nil {
			b.WriteString(Redacted + ":" + Redacted + "@")
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
