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

// Query returns a raw query with the values of secrets replaced, and itself where there are none.
func (r *Redactor) Query(raw string) string {
	var out bytes.Buffer
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
			out.WriteString(raw[copied : eq+1])
			out.WriteString(Redacted)
			copied = at
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
	var out bytes.Buffer
	from := 0
	for at := 0; at <= len(s); at++ {
		if at == len(s) || s[at] == '<' || s[at] == '>' { // Link has several URLs, each in angle brackets
			r.one(&out, s[from:at])
			from = at + 1
			out.WriteString(s[at:min(from, len(s))])
		}
	}
	return out.String()
}

// one appends a text that may be a URL.
func (r *Redactor) one(out *bytes.Buffer, s string) {
	head, query, fragment := s, "", ""
	if i := strings.IndexByte(head, '#'); i >= 0 {
		head, fragment = head[:i], "#"+r.Query(head[i+1:])
	}
	if i := strings.IndexByte(head, '?'); i >= 0 {
		head, query = head[:i], "?"+r.Query(head[i+1:])
	}
	if i := strings.Index(head, "//"); i >= 0 {
		authority, path := head[i+2:], ""
		if k := strings.IndexByte(authority, '/'); k >= 0 {
			authority, path = authority[:k], authority[k:]
		}
		if k := strings.LastIndexByte(authority, '@'); k >= 0 {
			head = head[:i] + "//" + Redacted + ":" + Redacted + authority[k:] + path
		}
	}
	out.WriteString(head)
	out.WriteString(query)
	out.WriteString(fragment)
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
