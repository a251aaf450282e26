package jsonread

import "github.com/valyala/fastjson"

// Reader reads the fields of one object. The first error stays, and what is read after it is zero.
type Reader struct {
	Object *fastjson.Value
	Err    error
}

// Read reads a field with one of the package's functions, or another of their form.
func Read[T any](r *Reader, field string, one func(v *fastjson.Value, field string) (T, error)) (value T) {
	if r.Err == nil {
		value, r.Err = one(r.Object, field)
	}
	return value
}

// Text is Text of the object.
func (r *Reader) Text(field string) string { return Read(r, field, Text) }

// Count is Count of the object.
func (r *Reader) Count(field string) uint32 { return Read(r, field, Count) }

// Hex is Hex of the object.
func (r *Reader) Hex(dst []byte, field string) {
	if r.Err == nil {
		r.Err = Hex(dst, r.Object, field)
	}
}
