package slogspan

import (
	"encoding"
	"encoding/json"
	"reflect"
)

const (
	// maxDepth limits the depth of values within values. A LogValue method that returns a group with itself in it, or a map
	// that contains itself, would otherwise end the program, because nothing recovers from a stack overflow.
	maxDepth = 32
	// maxText limits the bytes of all values within a value. A map that contains itself twice would otherwise be written 2^32
	// times.
	maxText = 1 << 20

	tooDeep = "!DEPTH"
	noRoom  = "!SIZE"
)

// refusal returns what is written in place of a value within a value at this depth, or "" if the value may be written.
func refusal(depth int, full bool) string {
	switch {
	case depth == maxDepth:
		return tooDeep
	case full:
		return noRoom
	}
	return ""
}

func (e *encoder) refusal() string { return refusal(e.depth, len(e.buf) > maxText) }

// measure walks a value in the way that encoding/json will. encoding/json has no such limits, and cannot be stopped.
type measure struct{ left int } // bytes that are left; it counts rather fewer than will be written

func (e *encoder) measure(v any) (note string) {
	m := measure{maxText - len(e.buf)}
	return m.refusal(reflect.ValueOf(v), e.depth)
}

// refusal returns what is to be written in place of a value at this depth, or "" if the value may be written.
func (m *measure) refusal(v reflect.Value, depth int) (note string) {
	for n := 0; v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer; n++ {
		if v.IsNil() || marshals(v) {
			return ""
		}
		if n == maxDepth { // pointers to pointers
			return tooDeep
		}
		v = v.Elem()
	}
	m.left--
	var n int
	var element func(i int) string
	switch v.Kind() {
	case reflect.String:
		m.left -= v.Len()
		return ""
	case reflect.Slice, reflect.Array:
		n, element = v.Len(), func(i int) string { return m.refusal(v.Index(i), depth+1) }
		if v.Type().Elem().Kind() == reflect.Uint8 {
			m.left -= n
			return ""
		}
	case reflect.Struct:
		n, element = v.NumField(), func(i int) string {
			f := v.Type().Field(i)
			if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
				return ""
			}
			return m.refusal(v.Field(i), depth+1)
		}
	case reflect.Map:
		n = v.Len()
		each := v.MapRange()
		element = func(int) string {
			each.Next()
			if note := m.refusal(each.Key(), depth+1); note != "" { // Go 1.27 writes what the keys of a map[any]… point to
				return note
			}
			return m.refusal(each.Value(), depth+1)
		}
	}
	if n == 0 || marshals(v) {
		return ""
	}
	for i := 0; i < n && note == ""; i++ {
		if note = refusal(depth, m.left < 0); note == "" {
			note = element(i)
		}
	}
	return note
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// marshals reports whether encoding/json calls a method of v instead of looking into it.
func marshals(v reflect.Value) bool {
	t := v.Type()
	if v.CanAddr() {
		t = reflect.PointerTo(t)
	}
	return t.Implements(jsonMarshaler) || t.Implements(textMarshaler)
}
