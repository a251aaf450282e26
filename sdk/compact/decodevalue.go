package compact

import (
	"math"

	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// readAttributes reads attributes from the members of an object.
func readAttributes(v *fastjson.Value, field string) (attrs []trace.Attribute, err error) {
	o, err := jsonread.Object(v, field)
	o.GetObject().Visit(func(key []byte, v *fastjson.Value) {
		a, bad := readAttribute(jsonread.Clean(key), v)
		if err == nil { // the first error is returned
			err = jsonread.In(field, -1, bad)
		}
		attrs = append(attrs, a)
	})
	return attrs, err
}

func readAttribute(key string, v *fastjson.Value) (trace.Attribute, error) {
	switch v.Type() {
	case fastjson.TypeString:
		return trace.String(key, text(v)), nil
	case fastjson.TypeTrue:
		return trace.Bool(key, true), nil
	case fastjson.TypeFalse:
		return trace.Bool(key, false), nil
	case fastjson.TypeNumber:
		n, f, isInt, ok := jsonread.Number(v)
		switch {
		case !ok:
			return trace.Attribute{}, jsonread.Bad(key, "a number", v)
		case isInt:
			return trace.Int64(key, n), nil
		}
		return trace.Float64(key, f), nil
	case fastjson.TypeArray:
		return readList(key, v)
	case fastjson.TypeObject:
		return readJSON(key, v)
	}
	return trace.Attribute{Key: key}, nil
}

func text(v *fastjson.Value) string { return jsonread.Clean(v.GetStringBytes()) }

// readList makes a list if all elements have the same type, and otherwise a string. It tries one type after the other: the
// lists in spans are short, and most are lists of strings.
func readList(key string, v *fastjson.Value) (trace.Attribute, error) {
	list := v.GetArray()
	if values, ok := all(list, readString); ok {
		return trace.Strings(key, values...), nil
	}
	if values, ok := all(list, readBool); ok {
		return trace.Bools(key, values...), nil
	}
	if values, ok := all(list, readInt); ok {
		return trace.Int64s(key, values...), nil
	}
	if values, ok := all(list, readFloat); ok {
		return trace.Float64s(key, values...), nil
	}
	return readJSON(key, v)
}

func all[T any](list []*fastjson.Value, one func(*fastjson.Value) (T, bool)) ([]T, bool) {
	var values []T
	for _, e := range list {
		v, ok := one(e)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

func readString(v *fastjson.Value) (string, bool) {
	if v.Type() != fastjson.TypeString {
		return "", false
	}
	return text(v), true
}

func readBool(v *fastjson.Value) (value, ok bool) {
	t := v.Type()
	return t == fastjson.TypeTrue, t == fastjson.TypeTrue || t == fastjson.TypeFalse
}

func readInt(v *fastjson.Value) (int64, bool) {
	n, _, isInt, _ := jsonread.Number(v)
	return n, isInt
}

// readFloat also accepts the strings for NaN and the infinities, since the list has numbers beside them.
func readFloat(v *fastjson.Value) (float64, bool) {
	if v.Type() == fastjson.TypeString {
		switch string(v.GetStringBytes()) {
		case "NaN":
			return math.NaN(), true
		case "Infinity":
			return math.Inf(1), true
		case "-Infinity":
			return math.Inf(-1), true
		}
		return 0, false
	}
	n, f, isInt, ok := jsonread.Number(v)
	if isInt {
		f = float64(n)
	}
	return f, ok
}

func readJSON(key string, v *fastjson.Value) (trace.Attribute, error) {
	text, ok := appendAny(nil, v)
	if !ok {
		return trace.Attribute{}, jsonread.Bad(key, "JSON", v)
	}
	return trace.String(key, string(text)), nil
}

// appendAny appends a parsed value as valid JSON. fastjson's own writer may write invalid JSON. The parser has limited the
// depth.
func appendAny(dst []byte, v *fastjson.Value) (_ []byte, ok bool) {
	switch v.Type() {
	case fastjson.TypeString:
		return json.AppendString(dst, text(v)), true
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return appendBool(dst, v.Type() == fastjson.TypeTrue), true
	case fastjson.TypeNumber:
		n, f, isInt, ok := jsonread.Number(v)
		if isInt {
			return json.AppendInt(dst, n), ok
		}
		return json.AppendFloat(dst, f, true), ok
	case fastjson.TypeArray:
		dst = append(dst, '[')
		for i, e := range v.GetArray() {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, ok = appendAny(dst, e); !ok {
				return dst, false
			}
		}
		return append(dst, ']'), true
	case fastjson.TypeObject:
		dst, ok = append(dst, '{'), true
		n := 0
		v.GetObject().Visit(func(key []byte, v *fastjson.Value) {
			if n++; n > 1 {
				dst = append(dst, ',')
			}
			dst = append(json.AppendString(dst, jsonread.Clean(key)), ':')
			var good bool
			dst, good = appendAny(dst, v)
			ok = ok && good
		})
		return append(dst, '}'), ok
	}
	return append(dst, "null"...), true
}
