package jsonread

import "github.com/valyala/fastjson"

// Reader reads the fields of one object. It keeps the first error. After an error, everything that it reads is zero.
type Reader struct {
	Object *fastjson.Value
	Err    error
}

// Read reads a field with one of the package's functions, or with another of the same form.
func Read[T any](r *Reader, field string, one func(v *fastjson.Value, field string) (T, error)) (value T) {
	if r.Err == nil {
		value, r.Err = one(r.Object, field)
	}
	return value
}

// Text reads a field of the object with the function Text.
func (r *Reader) Text(field string) string { return Read(r, field, Text) }

// Count reads a field of the object with the function Count.
func (r *Reader) Count(field string) uint32 { return Read(r, field, Count) }

// Hex reads a field of the object with the function Hex.
func (r *Reader) Hex(dst []byte, field string) {
	if r.Err == nil {
		r.Err = Hex(dst, r.Object, field)
	}
}
