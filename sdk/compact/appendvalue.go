package compact

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// appendAttributes appends the members of an object.
func appendAttributes(dst []byte, attrs []trace.Attribute) []byte {
	for i := range attrs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendAttribute(dst, "", &attrs[i])
	}
	return dst
}

// appendAttribute appends one member, its key behind prefix.
func appendAttribute(dst []byte, prefix string, a *trace.Attribute) []byte {
	dst = append(dst, '"')
	dst = append(dst, prefix...)
	dst = json.AppendText(dst, a.Key)
	dst = append(dst, '"', ':')
	v := a.Value
	switch v.Kind() {
	case trace.KindString:
		return json.AppendString(dst, v.Str())
	case trace.KindBool:
		return appendBool(dst, v.Bool())
	case trace.KindInt:
		return json.AppendInt(dst, v.Int64())
	case trace.KindFloat64:
		return appendFloat(dst, v.Float64())
	case trace.KindStrings:
		return appendList(dst, v.Strings(), json.AppendString)
	case trace.KindBools:
		return appendList(dst, v.Bools(), appendBool)
	case trace.KindInts:
		return appendList(dst, v.Ints(), json.AppendInt)
	case trace.KindFloat64s:
		return appendList(dst, v.Float64s(), appendFloat)
	}
	return append(dst, "null"...)
}

func appendList[T any](dst []byte, list []T, one func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, v)
	}
	return append(dst, ']')
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

func appendFloat(dst []byte, f float64) []byte { return json.AppendFloat(dst, f, true) }
