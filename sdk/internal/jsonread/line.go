package jsonread

import (
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"
)

// parsers is shared by all decoders, so that the values and the buffer of one parser are used for line after line.
var parsers fastjson.ParserPool

// maxPooledLine is the longest line whose parser is kept. A parser takes up to 50 times the bytes of its line.
const maxPooledLine = 256 << 10

// Line parses one line, which must be an object, and passes it to read. read must not keep it. Nesting deeper than
// fastjson.MaxDepth, 300, is an error. Errors begin with the name of the format.
func Line(format string, line []byte, read func(v *fastjson.Value) error) error {
	p := parsers.Get()
	if len(line) <= maxPooledLine {
		defer parsers.Put(p)
	}
	v, err := p.ParseBytes(mendSurrogates(line))
	switch {
	case err != nil:
		err = &problem{what: "not JSON: " + excerpt(innermost(err.Error()), 200)}
	case v.Type() != fastjson.TypeObject:
		err = &problem{what: "want an object, got " + describe(v)}
	default:
		err = read(v)
	}
	if p, ok := err.(*problem); ok {
		p.format = format
	}
	return err
}

// Each calls read for each element of the list v[field], which may be missing. The elements must be objects.
func Each(v *fastjson.Value, field string, read func(v *fastjson.Value) error) error {
	list, err := List(v, field)
	if err != nil {
		return err
	}
	for i, e := range list {
		if e.Type() != fastjson.TypeObject {
			return NoObject(field, i, e)
		}
		if err := read(e); err != nil {
			return In(field, i, err)
		}
	}
	return nil
}

// List returns the elements of the list v[field], or nil if it is missing.
func List(v *fastjson.Value, field string) ([]*fastjson.Value, error) {
	list := v.Get(field)
	if IsNull(list) {
		return nil, nil
	}
	if list.Type() != fastjson.TypeArray {
		return nil, Bad(field, "a list", list)
	}
	return list.GetArray(), nil
}

// Object returns the object v[field], or nil if it is missing.
func Object(v *fastjson.Value, field string) (*fastjson.Value, error) {
	o := v.Get(field)
	if IsNull(o) {
		return nil, nil
	}
	if o.Type() != fastjson.TypeObject {
		return nil, Bad(field, "an object", o)
	}
	return o, nil
}

// IsNull reports whether a field is missing or null.
func IsNull(v *fastjson.Value) bool { return v == nil || v.Type() == fastjson.TypeNull }

// innermost removes the prefixes of all levels of nesting from an error of fastjson: "cannot parse object: cannot parse object
// value: missing '}'; unparsed tail: …".
func innermost(text string) string {
	for {
		level, rest, ok := strings.Cut(text, ": ")
		if !ok || !strings.HasPrefix(level, "cannot parse ") || strings.Contains(level, ";") {
			return text
		}
		text = rest
	}
}

// excerpt shortens s to about limit bytes, and keeps its beginning and its end.
func excerpt(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit/2] + "…" + s[len(s)-limit/2:]
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}
