package remoteconfig

import (
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fastjson"
)

// problem is an error in a document, and where it is.
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
	return &problem{n.path, "unknown field; the fields are " + known}
}

// describe returns the text of a value, shortened, or its type if it is an object or a list.
func describe(v *fastjson.Value) string {
	switch v.Type() {
	case fastjson.TypeObject:
		return "an object"
	case fastjson.TypeArray:
		return "a list"
	}
	return cut(string(v.MarshalTo(nil)))
}

// isName reports whether a key can appear in a path without quotes.
func isName(key string) bool {
	for i := 0; i < len(key); i++ {
		if !isAlphanumeric(key[i]) && key[i] != '_' {
			return false
		}
	}
	return key != ""
}

// maxExcerpt is how many bytes of a document an error quotes at most.
const maxExcerpt = 120

// cut shortens a long text to its beginning and its end.
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
