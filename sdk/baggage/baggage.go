// Package baggage reads and writes W3C Baggage, https://www.w3.org/TR/baggage/: names and values that travel with a trace.
//
//	b := baggage.FromContext(ctx)
//	tenant := b.Get("tenant")
//	b, err := b.With("plan", "pro")
//	ctx = baggage.ContextWithBaggage(ctx, b)
//
// In a service, propagation.Baggage reads the header into the context and writes it for callees.
//
// Anybody can send baggage, so do not trust what is in it. Members that are malformed or exceed a limit are dropped, and the
// others are kept.
package baggage

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Limits of what is read and written. The specification requires support for at least 8192 bytes and 64 members, and sets no
// upper limits. 180 members was the limit of an earlier version, which this package keeps.
const (
	MaxBytes   = 8192
	MaxMembers = 180
)

// Member is one entry. Value is plain text; bytes that are not UTF-8 are replaced by U+FFFD, as the specification asks.
// Properties is the text as it was sent, or "" if there is none.
type Member struct {
	Key, Value, Properties string
}

// Baggage is an immutable list of members with distinct keys. The zero value is empty.
type Baggage struct{ members []Member }

// Parse reads all values of the baggage headers of a request. If a key appears more than once, the last member is used. dropped
// is how many members were malformed or exceeded a limit.
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

// put replaces the member with the key of m, or else appends m if there is room.
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

// Get returns the value of a key, or "" if there is no such key.
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

// With returns a copy of b in which key has value. If b has key already, the member loses its properties, because they were
// about another value. If key is not a token, or if the result would exceed a limit, With returns b and an error.
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

// String returns b as the value of a baggage header, or "" if b is empty. Members that would exceed [MaxBytes] are left out.
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

// isOctet reports whether c may appear unescaped in a value.
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

// isToken reports whether s is a token of RFC 7230, https://www.rfc-editor.org/rfc/rfc7230#section-3.2.6.
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

// FromContext returns the baggage that ctx carries, or an empty one.
func FromContext(ctx context.Context) Baggage {
	b, _ := ctx.Value(contextKey{}).(Baggage)
	return b
}
