// Package baggage reads and writes W3C Baggage, https://www.w3.org/TR/baggage/: names and values that travel with a trace.
//
// Anybody can send baggage. What is malformed or too large is dropped, member by member, and nothing in it is trusted.
package baggage

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Limits of what is read and written. The specification has as minimums 8192 bytes and 64 members, and no limits of its own any more:
// 180 members, which it once named, are our choice.
const (
	MaxBytes   = 8192
	MaxMembers = 180
)

// Member is one entry. Value is plain text, with U+FFFD in the place of what is not UTF-8, as the specification wants it. Properties are
// as they were sent, "" where there are none.
type Member struct {
	Key, Value, Properties string
}

// Baggage is a list of members, each key once. The zero value is empty. It is not changed once made.
type Baggage struct{ members []Member }

// Parse reads all values of a request's baggage headers. Of a key that comes twice the last one counts. dropped says how
// many members were malformed or beyond the limits.
func Parse(headers ...string) (b Baggage, dropped int) {
	size := 0
	for _, h := range headers {
		for h != "" {
			var part string
			part, h, _ = strings.Cut(h, ",")
			if part = strings.Trim(part, " \t"); part == "" {
				continue
			}
			size += len(part) + 1
			m, ok := parseMember(part)
			if !ok || size > MaxBytes+1 || !b.put(m) {
				dropped++
			}
		}
	}
	return b, dropped
}

func parseMember(s string) (m Member, ok bool) {
	s, m.Properties, _ = strings.Cut(s, ";")
	key, value, found := strings.Cut(s, "=")
	m.Key, value = strings.Trim(key, " \t"), strings.Trim(value, " \t")
	m.Properties = strings.Trim(m.Properties, " \t")
	if !found || !isToken(m.Key) || !isText(value, false) || !isText(m.Properties, true) {
		return m, false
	}
	var err error
	m.Value, err = url.PathUnescape(value)
	return m, err == nil
}

// put adds m in the place of the one that has its key, or where there is room for another one.
func (b *Baggage) put(m Member) bool {
	m.Value = strings.ToValidUTF8(m.Value, "\uFFFD")
	for i := range b.members {
		if b.members[i].Key == m.Key {
			b.members[i] = m
			return true
		}
	}
	if len(b.members) == MaxMembers {
		return false
	}
	b.members = append(b.members, m)
	return true
}

// Get returns the value of a key, "" where there is none.
func (b Baggage) Get(key string) string {
	for i := range b.members {
		if b.members[i].Key == key {
			return b.members[i].Value
		}
	}
	return ""
}

// Members returns a copy of the members, in their order.
func (b Baggage) Members() []Member { return append([]Member(nil), b.members...) }

var (
	errKey  = errors.New("baggage: a key is a token of RFC 7230: letters, digits and !#$%&'*+-.^_`|~")
	errFull = errors.New("baggage: there is no room for the member within MaxMembers and MaxBytes")
)

// With returns b with a member more, or changed: it has no properties then, since those that it had were said of another value. Where
// the key is no token or a limit would be passed, it returns b and an error.
func (b Baggage) With(key, value string) (Baggage, error) {
	if !isToken(key) {
		return b, errKey
	}
	next := Baggage{append(make([]Member, 0, len(b.members)+1), b.members...)}
	if !next.put(Member{Key: key, Value: value}) {
		return b, errFull
	}
	if _, whole := next.encode(); !whole {
		return b, errFull
	}
	return next, nil
}

// String returns b as the value of a baggage header, "" where it is empty. Members that would pass [MaxBytes] are left out.
func (b Baggage) String() string {
	text, _ := b.encode()
	return string(text)
}

func (b Baggage) encode() (dst []byte, whole bool) {
	whole = true
	for _, m := range b.members {
		before := len(dst)
		if before > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, m.Key...), '=')
		dst = appendEscaped(dst, m.Value)
		if m.Properties != "" {
			dst = append(append(dst, ';'), m.Properties...)
		}
		if len(dst) > MaxBytes {
			dst, whole = dst[:before], false
		}
	}
	return dst, whole
}

func appendEscaped(dst []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '%' && isOctet(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', digits[c>>4], digits[c&15])
		}
	}
	return dst
}

// isOctet reports whether a value may have c as it is.
func isOctet(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'
}

func isText(s string, properties bool) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isOctet(c) && (!properties || c != ';' && c != ' ' && c != '\t') {
			return false
		}
	}
	return true
}

// isToken reports whether s is a token of RFC 7230.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0 {
			continue
		}
		return false
	}
	return s != ""
}

type contextKey struct{}

// ContextWithBaggage returns a context that carries b.
func ContextWithBaggage(ctx context.Context, b Baggage) context.Context {
	return context.WithValue(ctx, contextKey{}, b)
}

// FromContext returns the baggage that ctx carries.
func FromContext(ctx context.Context) Baggage {
	b, _ := ctx.Value(contextKey{}).(Baggage)
	return b
}
