package slogspan

import (
	"fmt"
	"log/slog"
	"math"
	"reflect"
)

// plain writes a value as the text of fmt's %+v. fmt follows a map that is in itself until the stack is used up, which nothing
// recovers from, so what has values in it is walked here, as deep and as far as elsewhere; fmt writes the rest.
func (e *encoder) plain(v reflect.Value) {
	p := printer{most: maxText - len(e.buf)}
	p.value(v, e.depth)
	e.string(string(p.buf))
}

var stringType = reflect.TypeFor[string]()

type printer struct {
	buf  []byte
	most int
}

//go:noinline
func (p *printer) raw(s string) { p.buf = append(p.buf, s...) }

// nested writes a value within a value of that depth, and reports whether there is room for more.
func (p *printer) nested(v reflect.Value, depth int) bool {
	note := refusal(depth, len(p.buf) > p.most)
	if note != "" {
		p.raw(note)
	} else {
		p.value(v, depth+1)
	}
	return note != noRoom
}

func (p *printer) value(v reflect.Value, depth int) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		p.raw("<nil>")
		return
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		if v.CanInterface() && p.byMethod(v, depth) {
			return
		}
	}
	switch kind := v.Kind(); {
	case kind == reflect.Struct:
		p.list(`{`, v.NumField(), func(i int) bool {
			p.raw(v.Type().Field(i).Name + ":")
			return p.nested(v.Field(i), depth)
		}, `}`)
	case kind == reflect.Slice, kind == reflect.Array:
		p.list(`[`, v.Len(), func(i int) bool { return p.nested(v.Index(i), depth) }, `]`)
	case kind == reflect.Map:
		p.table(v, depth)
	case kind == reflect.String && v.Type() == stringType: // which has no methods
		p.raw(v.String())
	case kind == reflect.Pointer && !v.IsNil(): // the address, as %+v has it within a value; on top what it points to is written
		p.format("%#x", v.Pointer())
	default:
		p.format("%+v", v)
	}
}

// byMethod has a value write itself, and reports whether it can.
func (p *printer) byMethod(v reflect.Value, depth int) bool {
	switch own := v.Interface().(type) {
	case reflect.Value: // in whose place fmt takes what it stands for
		p.raw(own.String())
	case slog.Attr: // whose String methods leave their values to fmt
		p.raw(own.Key + "=")
		p.nested(reflect.ValueOf(own.Value), depth)
	case slog.Value:
		p.nested(reflect.ValueOf(own.Any()), depth)
	case fmt.Formatter, error, fmt.Stringer:
		p.format("%+v", own) // which says so where the method panics
	default:
		return false
	}
	return true
}

//go:noinline
func (p *printer) format(format string, v any) { p.buf = fmt.Appendf(p.buf, format, v) }

// list writes n elements, or as many as there is room for.
//
//go:noinline
func (p *printer) list(open string, n int, element func(i int) bool, end string) {
	p.raw(open)
	for i := range n {
		if i > 0 {
			p.raw(" ")
		}
		if !element(i) {
			break
		}
	}
	p.raw(end)
}

// table writes a map, the keys in order: numbers by size, before what goes by its text.
func (p *printer) table(v reflect.Value, depth int) {
	texts := printer{most: p.most - len(p.buf)}
	m := entries(v, func(key reflect.Value) (by string, more bool) {
		before := len(texts.buf)
		texts.orderOf(key, depth)
		return string(texts.buf[before:]), len(texts.buf) <= texts.most // for more there is no room
	})
	p.list(`map[`, v.Len(), func(i int) bool {
		if i >= len(m) {
			p.raw(noRoom)
			return false
		}
		room := p.nested(m[i].key, depth-1) // a key has no map in it, and so an end
		p.raw(`:`)
		return room && p.nested(m[i].value, depth)
	}, `]`)
}

// orderOf writes what a map's key is sorted by.
func (p *printer) orderOf(key reflect.Value, depth int) {
	if key.Kind() == reflect.Interface {
		key = key.Elem()
	}
	var bits uint64
	switch {
	case key.CanInt():
		bits = uint64(key.Int()) ^ 1<<63
	case key.CanUint():
		bits = key.Uint()
	case key.CanFloat():
		bits = math.Float64bits(key.Float())
		bits ^= uint64(int64(bits)>>63) | 1<<63
	default:
		p.nested(key, depth-1)
		return
	}
	p.raw(bigEndian(bits))
}
