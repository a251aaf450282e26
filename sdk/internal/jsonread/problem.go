package jsonread

import (
	"strconv"

	"github.com/valyala/fastjson"
)

// problem is an error with its place in the line: "otlp: resourceSpans[0].scopeSpans[0].spans[2]: traceId: want …".
type problem struct {
	format string
	path   string
	what   string
}

func (p *problem) Error() string {
	if p.path == "" {
		return p.format + ": " + p.what
	}
	return p.format + ": " + p.path + ": " + p.what
}

// Bad returns the error for a field with a wrong value.
func Bad(field, want string, v *fastjson.Value) error {
	return &problem{what: excerpt(field, 80) + ": want " + want + ", got " + describe(v)}
}

// NoObject returns the error for the i-th element of field, which should be an object.
func NoObject(field string, i int, v *fastjson.Value) error {
	return In(field, i, &problem{what: "want an object, got " + describe(v)})
}

// In returns err with its place inside the i-th element of field, or inside field itself if i is negative.
func In(field string, i int, err error) error {
	p, ok := err.(*problem)
	if !ok {
		return err
	}
	if i >= 0 {
		field += "[" + strconv.Itoa(i) + "]"
	}
	if p.path != "" {
		field += "."
	}
	p.path = field + p.path
	return p
}

// describe returns the text of a value, shortened, or its type if it is an object or a list.
func describe(v *fastjson.Value) string {
	if v == nil {
		return "nothing"
	}
	switch v.Type() {
	case fastjson.TypeObject:
		return "an object"
	case fastjson.TypeArray:
		return "a list"
	}
	return excerpt(v.String(), 80)
}
