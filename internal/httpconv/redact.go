package httpconv

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/edgespan/edgespan/internal/redact"
)

// Redacted stands for a value that is not recorded.
const Redacted = redact.Redacted

// Redactor decides by name. The zero value hides the usual names of secrets.
type Redactor struct{ redact.Names }

// IsSecret reports whether values of a query parameter or header of this name are replaced by default.
func IsSecret(name string) bool { return new(Redactor).Hides(name) }

// NewRedactor returns one that hides the first names as well, and not the second. A name that is among both is hidden.
func NewRedactor(hide, reveal []string) (r Redactor) {
	for _, name := range reveal {
		r.Set(name, false)
	}
	for _, name := range hide {
		r.Set(name, true)
	}
	return r
}

// Text returns a text that may hold URLs, as the values of Referer, Location and Link do, with credentials and secrets of their queries
// and fragments replaced; and any other text as it is.
func (r *Redactor) Text(s string) string {
	if strings.IndexByte(s, '?') < 0 && strings.IndexByte(s, '#') < 0 && strings.IndexByte(s, '@') < 0 {
		return s // the usual case
	}
	s = redact.Userinfo(s)
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
