package slogspan

import (
	"fmt"
	"log/slog"
	"math"
	"reflect"
)

// plain writes a value as the text of fmt's %+v. fmt follows a map that contains itself until the stack overflows, and nothing
// recovers from that. So values that contain others are walked here, with the limits of maxDepth and maxText, and fmt writes
// the rest.
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

// nested writes a value within a value at this depth, and reports whether there is room for more.
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
	case kind == reflect.String && v.Type() == stringType: // string itself has no methods
		p.raw(v.String())
	case kind == reflect.Pointer && !v.IsNil(): // within a value %+v writes the address; at the top level it writes what the pointer points to
		p.format("%#x", v.Pointer())
	default:
		p.format("%+v", v)
	}
}

// byMethod lets a value write itself by one of its methods, and reports whether it has one.
func (p *printer) byMethod(v reflect.Value, depth int) bool {
	switch own := v.Interface().(type) {
	case reflect.Value: // fmt would write the value that it holds, without these limits
		p.raw(own.String())
	case slog.Attr: // fmt would write the value of an Attr or a Value without these limits
		p.raw(own.Key + "=")
		p.nested(reflect.ValueOf(own.Value), depth)
	case slog.Value:
		p.nested(reflect.ValueOf(own.Any()), depth)
	case fmt.Formatter, error, fmt.Stringer:
		p.format("%+v", own) // fmt writes a note if the method panics
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

// table writes a map, sorted by keys: numbers by size, and other keys by their text.
func (p *printer) table(v reflect.Value, depth int) {
	texts := printer{most: p.most - len(p.buf)}
	m := entries(v, func(key reflect.Value) (by string, more bool) {
		before := len(texts.buf)
		texts.orderOf(key, depth)
		return string(texts.buf[before:]), len(texts.buf) <= texts.most // there is no room for more
	})
	p.list(`map[`, v.Len(), func(i int) bool {
		if i >= len(m) {
			p.raw(noRoom)
			return false
		}
		room := p.nested(m[i].key, depth-1) // a key contains no map, so its depth is limited
		p.raw(`:`)
		return room && p.nested(m[i].value, depth)
	}, `]`)
}

// orderOf writes the text that a map's key is sorted by.
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
