package slogspan

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"unicode/utf8"

	"github.com/edgespan/edgespan/internal/fault"
)

// any writes a value that slog has no kind for. encoding/json and fmt add nothing to the binary here, because log/slog links
// both.
func (e *encoder) any(v any) {
	at, depth, open, groups := len(e.buf), e.depth, e.open, len(e.groups)
	defer func() {
		if r := recover(); r != nil { // in a method of v
			e.buf, e.depth, e.open, e.groups = e.buf[:at], depth, open, e.groups[:groups]
			e.string(panicNote(v, r))
		}
	}()
	if v == nil {
		e.null()
		return
	}
	if m, ok := v.(json.Marshaler); ok && e.Format != OTLP {
		e.marshal(m)
		return
	}
	switch v := v.(type) {
	case slog.Attr: // an element of a list, or a field of a struct
		e.list([]slog.Attr{v})
	case error:
		e.string(v.Error())
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			e.string(errorNote(err))
		} else {
			e.string(string(text))
		}
	case fmt.Stringer:
		e.string(v.String())
	default:
		if e.Format == OTLP {
			e.reflected(reflect.ValueOf(v))
		} else {
			e.marshal(v)
		}
	}
}

// panicNote returns the text that replaces a value whose method panics, as in slog's own handlers.
func panicNote(v, recovered any) string {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return "<nil>"
	}
	return "!PANIC: " + fault.Message(recovered)
}

func errorNote(err error) string { return "!ERROR:" + err.Error() }

// marshal writes the JSON that encoding/json makes of v, in one line.
func (e *encoder) marshal(v any) {
	if note := e.measure(v); note != "" {
		e.string(note)
		return
	}
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	if err := to.Encode(v); err != nil {
		e.string(errorNote(err))
		return
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if !utf8.Valid(text) { // a MarshalJSON method may leave such bytes in a string
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	e.buf = append(e.buf, text...)
}

// reflected writes a value as OTLP by its kind, or as text if OTLP has no such kind.
func (e *encoder) reflected(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		e.bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.integer(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.unsigned(v.Uint())
	case reflect.Float32, reflect.Float64:
		e.float(v.Float())
	case reflect.String:
		e.string(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			e.null()
		} else {
			e.element(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		e.array(v)
	case reflect.Map:
		e.table(v)
	default:
		e.plain(v)
	}
}

// element writes a value in a list, in a map or behind a pointer, and reports whether there is room for more.
func (e *encoder) element(v reflect.Value) bool { return e.nested(slog.AnyValue(v.Interface())) }

func (e *encoder) array(v reflect.Value) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		e.raw(`"bytesValue":"`)
		e.buf = base64.StdEncoding.AppendEncode(e.buf, v.Bytes())
		e.raw(`"`)
		return
	}
	e.raw(`"arrayValue":{"values":[`)
	for i, room := 0, true; room && i < v.Len(); i++ {
		e.raw(`{`)
		room = e.element(v.Index(i))
		e.raw(`},`)
	}
	e.end(`]}`)
}

// table writes a map, sorted by keys. A map whose keys are not strings is written as text, in which all keys stay distinct.
func (e *encoder) table(v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		e.plain(v)
		return
	}
	size, most := 0, maxText-len(e.buf)
	m := entries(v, func(key reflect.Value) (string, bool) {
		size += key.Len()
		return key.String(), size <= most
	})
	e.raw(`"kvlistValue":{"values":[`)
	for i, room := 0, true; room && i < len(m); i++ {
		e.key(m[i].key.String())
		room = e.element(m[i].value)
		e.endValue()
	}
	e.end(`]}`)
}
