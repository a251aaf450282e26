package httpconv

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/edgespan/edgespan/internal/redact"
)

// Redacted is recorded in place of a secret value.
const Redacted = redact.Redacted

// Redactor redacts secrets, which it recognizes by their names. The zero value knows the usual names of secrets.
type Redactor struct{ redact.Names }

// IsSecret reports whether the values of a query parameter or header with this name are redacted by default.
func IsSecret(name string) bool { return new(Redactor).Hides(name) }

// NewRedactor returns a Redactor that also hides the names in hide, and shows those in reveal. A name in both is hidden.
func NewRedactor(hide, reveal []string) (r Redactor) {
	for _, name := range reveal {
		r.Set(name, false)
	}
	for _, name := range hide {
		r.Set(name, true)
	}
	return r
}

// Text redacts a text that may consist of URLs, such as a value of Referer, Location or Link. It replaces credentials, and
// secrets in queries and fragments. It returns any other text unchanged.
func (r *Redactor) Text(s string) string {
	if strings.IndexByte(s, '?') < 0 && strings.IndexByte(s, '#') < 0 && strings.IndexByte(s, '@') < 0 {
		return s // the usual case
	}
	s = redact.Userinfo(s)
	var out bytes.Buffer
	from, query := 0, false
	for at := range len(s) {
		c := s[at]
		bracket := c == '<' || c == '>' // Link may hold several URLs, each in angle brackets
		if bracket || c == '#' || c == '?' && !query {
			r.part(&out, s[from:at], query)
			from, query = at, !bracket
		}
	}
	r.part(&out, s[from:], query)
	return out.String()
}

// part appends a part of a text. If query is true, the part is a query or a fragment, including the character that begins it. A
// fragment may be a path within the page with a query of its own, such as "#/cb?code=1" or "#/code=1".
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

// URL returns u as the value of url.full: absolute, with credentials and secrets replaced, and without the fragment, which is
// not sent.
func (r *Redactor) URL(u *url.URL) string {
	path, query := u.EscapedPath(), r.Query(u.RawQuery)
	// A bytes.Buffer, because its methods are not inlined, unlike those of strings.Builder.
	b := bytes.NewBuffer(make([]byte, 0, len(u.Scheme)+len("://")+len(u.Host)+len(path)+len(query)+1))
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
