package compact

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// appendAttributes appends attributes as members of an object.
func appendAttributes(dst []byte, attrs []trace.Attribute) []byte {
	for i := range attrs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendAttribute(dst, "", &attrs[i])
	}
	return dst
}

// appendAttribute appends an attribute as one member. prefix is put before its key.
func appendAttribute(dst []byte, prefix string, a *trace.Attribute) []byte {
	dst = append(dst, '"')
	dst = append(dst, prefix...)
	dst = json.AppendText(dst, a.Key)
	return appendValue(append(dst, '"', ':'), a.Value)
}

func appendValue(dst []byte, v trace.Value) []byte {
	switch v.Kind() {
	case trace.KindEmpty:
		return append(dst, "null"...)
	case trace.KindString:
		return json.AppendString(dst, v.Str())
	case trace.KindBool:
		return appendBool(dst, v.Bool())
	case trace.KindInt64:
		return json.AppendInt(dst, v.Int64())
	case trace.KindFloat64:
		return v.AppendFloat(dst, true)
	}
	dst = append(dst, '[')
	n := 0
	v.Each(func(element trace.Value) {
		if n++; n > 1 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, element)
	})
	return append(dst, ']')
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}
