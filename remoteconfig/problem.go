package remoteconfig

import (
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fastjson"
)

// problem is what is wrong with a document, and where.
type problem struct {
	path string // "keep.rules[2].status"; "" for the document itself
	what string
}

func (p *problem) text() string {
	if p.path == "" {
		return "the document: " + p.what
	}
	return cut(p.path) + ": " + p.what
}

//go:noinline
func (n *node) bad(want string) *problem {
	return &problem{n.path, "want " + want + ", got " + describe(n.v)}
}

//go:noinline
func (n *node) unknown(known string) *problem {
	return &problem{n.path, "no such field; there are " + known}
}

// describe names a value: itself where it is short.
func describe(v *fastjson.Value) string {
	switch v.Type() {
	case fastjson.TypeObject:
		return "an object"
	case fastjson.TypeArray:
		return "a list"
	}
	return cut(string(v.MarshalTo(nil)))
}

// isName reports whether a key may stand in a path as it is.
func isName(key string) bool {
	for i := 0; i < len(key); i++ {
		if !isAlphanumeric(key[i]) && key[i] != '_' {
			return false
		}
	}
	return key != ""
}

// maxExcerpt is how much of a document stands in an error.
const maxExcerpt = 120

// cut shortens a text to its two ends.
func cut(s string) string {
	if len(s) <= maxExcerpt {
		return s
	}
	head, tail := maxExcerpt/2, len(s)-maxExcerpt/2
	for head > 0 && !utf8.RuneStart(s[head]) {
		head--
	}
	for tail < len(s) && !utf8.RuneStart(s[tail]) {
		tail++
	}
	return s[:head] + "…" + s[tail:]
}

//go:noinline
func quote(s string) string { return strconv.Quote(s) }
func itoa(n int) string     { return strconv.Itoa(n) }
