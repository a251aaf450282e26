//go:build !js || edgespan_decode

package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

func readAttributes(v *fastjson.Value) (attrs []trace.Attribute, err error) {
	err = jsonread.Each(v, "attributes", func(v *fastjson.Value) error {
		key, err := jsonread.Text(v, "key")
		if err != nil {
			return err
		}
		value, err := jsonread.Object(v, "value")
		if err != nil {
			return err
		}
		a, err := readAttribute(key, value)
		if err != nil {
			return jsonread.In("value", -1, err)
		}
		attrs = append(attrs, a)
		return nil
	})
	return attrs, err
}

// fields lists the members of AnyValue's oneof.
var fields = [...]string{"stringValue", "intValue", "boolValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue"}

// fieldOf returns which of fields an AnyValue has, or "" if it has none.
func fieldOf(v *fastjson.Value) string {
	for _, f := range fields {
		if !jsonread.IsNull(v.Get(f)) {
			return f
		}
	}
	return ""
}

// readAttribute makes an attribute of an AnyValue, which may be missing.
func readAttribute(key string, v *fastjson.Value) (trace.Attribute, error) {
	switch field := fieldOf(v); field {
	case "stringValue", "bytesValue": // bytes are written in base64
		s, err := jsonread.Text(v, field)
		return trace.String(key, s), err
	case "intValue":
		n, err := jsonread.Int(v, field)
		return trace.Int64(key, n), err
	case "boolValue":
		b, err := jsonread.Bool(v, field)
		return trace.Bool(key, b), err
	case "doubleValue":
		f, err := jsonread.Float(v, field)
		return trace.Float64(key, f), err
	case "arrayValue":
		return readList(key, v)
	case "kvlistValue":
		return readJSON(key, v)
	}
	return trace.Attribute{Key: key}, nil
}

// readList makes a list of an arrayValue if all elements have the same type, and otherwise a string.
func readList(key string, v *fastjson.Value) (trace.Attribute, error) {
	list, err := listOf(v, "arrayValue")
	if err != nil {
		return trace.Attribute{}, err
	}
	field := "stringValue"
	for i, e := range list {
		switch f := fieldOf(e); {
		case i == 0:
			field = f
		case f != field:
			return readJSON(key, v)
		}
	}
	switch field {
	case "stringValue":
		values, err := readElements(list, field, jsonread.Text)
		return trace.Strings(key, values...), err
	case "intValue":
		values, err := readElements(list, field, jsonread.Int)
		return trace.Int64s(key, values...), err
	case "boolValue":
		values, err := readElements(list, field, jsonread.Bool)
		return trace.Bools(key, values...), err
	case "doubleValue":
		values, err := readElements(list, field, jsonread.Float)
		return trace.Float64s(key, values...), err
	}
	return readJSON(key, v)
}

// listOf returns the values of an arrayValue or a kvlistValue. Each is an object, or null, which means an empty value, as it
// does for the Collector.
func listOf(v *fastjson.Value, field string) ([]*fastjson.Value, error) {
	o, err := jsonread.Object(v, field)
	if err != nil {
		return nil, err
	}
	list, err := jsonread.List(o, "values")
	if err != nil {
		return nil, jsonread.In(field, -1, err)
	}
	for i, e := range list {
		if !jsonread.IsNull(e) && e.Type() != fastjson.TypeObject {
			return nil, jsonread.NoObject("values", i, e)
		}
	}
	return list, nil
}

func readElements[T any](list []*fastjson.Value, field string, one func(*fastjson.Value, string) (T, error)) ([]T, error) {
	values := make([]T, 0, len(list))
	for i, e := range list {
		v, err := one(e, field)
		if err != nil {
			return nil, jsonread.In("values", i, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func readJSON(key string, v *fastjson.Value) (trace.Attribute, error) {
	text, err := appendAny(nil, v)
	return trace.String(key, string(text)), err
}

// appendAny appends an AnyValue as plain JSON, which https://opentelemetry.io/docs/specs/otel/common/ asks for where maps are
// not supported. The parser has limited the depth.
func appendAny(dst []byte, v *fastjson.Value) ([]byte, error) {
	switch field := fieldOf(v); field {
	case "stringValue", "bytesValue":
		s, err := jsonread.Text(v, field)
		return json.AppendString(dst, s), err
	case "intValue":
		n, err := jsonread.Int(v, field)
		return json.AppendInt(dst, n), err
	case "boolValue":
		b, err := jsonread.Bool(v, field)
		if b {
			return append(dst, "true"...), err
		}
		return append(dst, "false"...), err
	case "doubleValue":
		f, err := jsonread.Float(v, field)
		return json.AppendFloat(dst, f, true), err
	case "arrayValue":
		return appendElements(dst, '[', ']', v, field, appendAny)
	case "kvlistValue":
		return appendElements(dst, '{', '}', v, field, func(dst []byte, v *fastjson.Value) ([]byte, error) {
			key, err := jsonread.Text(v, "key")
			if err != nil {
				return dst, err
			}
			value, err := jsonread.Object(v, "value")
			if err != nil {
				return dst, err
			}
			return appendAny(append(json.AppendString(dst, key), ':'), value)
		})
	}
	return append(dst, "null"...), nil
}

func appendElements(dst []byte, open, end byte, v *fastjson.Value, field string,
	one func([]byte, *fastjson.Value) ([]byte, error)) ([]byte, error) {
	list, err := listOf(v, field)
	if err != nil {
		return dst, err
	}
	dst = append(dst, open)
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = one(dst, e); err != nil {
			return dst, jsonread.In("values", i, err)
		}
	}
	return append(dst, end), nil
}
