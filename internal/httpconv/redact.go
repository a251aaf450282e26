package httpconv

import (
	"bytes"
	"net/url"
	"strings"
)

// Redacted stands for a value that is not recorded.
const Redacted = "REDACTED"

// secretNames are names of secrets, between dots, and secretWords what is enough of such a name, in the form that normalize gives them.
// Among them are the sensitive query keys of https://opentelemetry.io/docs/specs/semconv/registry/Attributes/url/.
const secretNames = ".apiauth.auth.code.connectsid.cookie.fastlykey.hmac.key.otp.pass.pin.pwd.setcookie.sid.sig.totp.xauth."

var secretWords = [...]string{
	"accesskey", "apikey", "assertion", "authcode", "authkey", "authorization", "bearer", "credential", "csrf", "encryptionkey", "jwt",
	"passcode", "passphrase", "passwd", "password", "privatekey", "samlresponse", "secret", "sessid", "session", "signature", "signingkey",
	"subscriptionkey", "token", "verifier", "xsrf",
}

// normalize returns a name decoded, in lower case, and without what separates its words: case, percent encoding, '-', '_', '.' and
// brackets make no difference.
func normalize(name string) string {
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r == '-' || r == '_' || r == '.' || r == '[' || r == ']':
			return -1
		}
		return r
	}, name)
}

// Redactor decides by name. The zero value hides the usual names of secrets.
type Redactor struct {
	hidden map[string]bool // by normalized name, where that says otherwise
}

// IsSecret reports whether values of a query parameter or header of this name are replaced by default.
func IsSecret(name string) bool { return new(Redactor).Hides(name) }

// NewRedactor returns one that hides the first names as well, and not the second. A name that is among both is hidden.
func NewRedactor(redact, reveal []string) Redactor {
	r := Redactor{map[string]bool{}}
	for _, name := range reveal {
		r.hidden[normalize(name)] = false
	}
	for _, name := range redact {
		r.hidden[normalize(name)] = true
	}
	return r
}

// Hides reports whether values of a parameter or header of that name are replaced.
func (r *Redactor) Hides(name string) bool {
	name = normalize(name)
	if hidden, ok := r.hidden[name]; ok {
		return hidden
	}
	n := len(name)
	for n > 0 && name[n-1]-'0' <= 9 { // "key[0]"
		n--
	}
	if strings.Contains(secretNames, "."+name[:n]+".") {
		return true
	}
	for _, word := range secretWords {
		if strings.Contains(name, word) { // "password_confirmation"
			return true
		}
	}
	return false
}

// Query returns a raw query with the values of secrets replaced, and itself where there are none. A '?' begins a name too, for a value may
// be a URL: "next=/cb?code=1". It does not look into one that is encoded, nor for the credentials of one.
func (r *Redactor) Query(raw string) string {
	var out bytes.Buffer
	copied := 0         // of raw
	name, value := 0, 0 // where they begin: name < 0 behind a '=', value > 0 in a secret
	for at := 0; at <= len(raw); at++ {
		c := byte('&')
		if at < len(raw) {
			c = raw[at]
		}
		switch {
		case c == '&' || c == ';':
			if value > 0 && value < at {
				out.WriteString(raw[copied:value])
				out.WriteString(Redacted)
				copied = at
			}
			name, value = at+1, 0
		case value > 0:
		case c == '?':
			name = at + 1
		case c == '=' && name >= 0:
			if r.Hides(raw[name:at]) {
				value = at + 1
			}
			name = -1
		}
	}
	if copied == 0 {
		return raw
	}
	out.WriteString(raw[copied:])
	return out.String()
}

// Text returns a text that may hold URLs, as the values of Referer, Location and Link do, with credentials and secrets of their queries
// and fragments replaced; and any other text as it is.
func (r *Redactor) Text(s string) string {
	if strings.IndexByte(s, '?') < 0 && strings.IndexByte(s, '#') < 0 && strings.IndexByte(s, '@') < 0 {
		return s // the usual case
	}
	s = hideUserinfo(s)
	var out bytes.Buffer
	from, query := 0, false
	for at := range len(s) {
		c := s[at]
		bracket := c == '<' || c == '>' // Link has several URLs, each in angle brackets
		if bracket || c == '#' || c == '?' && !query {
			r.part(&out, s[from:at], query)
			from, query = at, !bracket
		}
	}
	r.part(&out, s[from:], query)
	return out.String()
}

// part appends a part of a text, be it a query or a fragment with the character that begins it. The fragment may be a path in the page
// with a query of its own: "#/cb?code=1", or "#/code=1".
func (r *Redactor) part(out *bytes.Buffer, s string, query bool) {
	if query {
		n := 1
		if strings.HasPrefix(s, "#/") {
			n = 2
		}
		out.WriteString(s[:n])
		s = r.Query(s[n:])
	}
	out.WriteString(s)
}

// hideUserinfo replaces the credentials of each URL in a text, also of one that is in another's query.
func hideUserinfo(s string) string {
	var out bytes.Buffer
	copied, query := 0, false
	userinfo := -1 // where it would begin
	for at := range len(s) {
		switch c := s[at]; {
		case c == '/' && at > 0 && s[at-1] == '/' && userinfo != at: // not the third of "file:///"
			userinfo = at + 1
		case c == '/' || c == ' ' || c == '<' || c == '>':
			userinfo, query = -1, query && c == '/'
		case c == '?' || c == '#':
			userinfo, query = -1, true
		case query && (c == '&' || c == ';'): // else a password may have them
			userinfo = -1
		case c == '@' && userinfo >= 0:
			if copied < userinfo { // the last '@' counts
				out.WriteString(s[copied:userinfo])
				out.WriteString(Redacted + ":" + Redacted)
			}
			copied = at
		}
	}
	if copied == 0 {
		return s
	}
	out.WriteString(s[copied:])
	return out.String()
}

// URL returns u as url.full has it: absolute, credentials and secrets replaced, without the fragment, which is not sent.
func (r *Redactor) URL(u *url.URL) string {
	path, query := u.EscapedPath(), r.Query(u.RawQuery)
	b := bytes.NewBuffer(make([]byte, 0, len(u.Scheme)+len("://")+len(u.Host)+len(path)+len(query)+1)) // not inlined, as strings.Builder is
	if u.Scheme != "" {
		b.WriteString(u.Scheme)
		b.WriteString(":")
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
			b.WriteString("/")
		}
		b.WriteString(path)
	}
	if query != "" || u.ForceQuery {
		b.WriteString("?")
		b.WriteString(query)
	}
	return b.String()
}
