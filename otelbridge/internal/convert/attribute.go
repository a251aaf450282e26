package convert

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/edgespan/edgespan/sdk/trace"
)

// AppendAttributes converts attrs from OpenTelemetry and appends them to dst.
func AppendAttributes(dst []trace.Attribute, attrs []attribute.KeyValue) []trace.Attribute {
	for i := range attrs {
		dst = append(dst, attributeFromOTel(&attrs[i]))
	}
	return dst
}

// attributeFromOTel converts an attribute. It keeps the type if Edgespan has it. Bytes, maps and lists of mixed types become
// text, base64 and JSON, as OpenTelemetry specifies for protocols without these types:
// https://opentelemetry.io/docs/specs/otel/common/#anyvalue-representation-for-non-otlp-protocols.
func attributeFromOTel(kv *attribute.KeyValue) trace.Attribute {
	key, v := string(kv.Key), &kv.Value
	switch v.Type() {
	case attribute.STRING:
		return trace.String(key, v.AsString())
	case attribute.INT64:
		return trace.Int64(key, v.AsInt64())
	case attribute.BOOL:
		return trace.Bool(key, v.AsBool())
	case attribute.FLOAT64:
		return trace.Float64(key, v.AsFloat64())
	case attribute.STRINGSLICE:
		return trace.Strings(key, v.AsStringSlice()...)
	case attribute.INT64SLICE:
		return trace.Int64s(key, v.AsInt64Slice()...)
	case attribute.BOOLSLICE:
		return trace.Bools(key, v.AsBoolSlice()...)
	case attribute.FLOAT64SLICE:
		return trace.Float64s(key, v.AsFloat64Slice()...)
	case attribute.SLICE:
		return fromSlice(key, v)
	case attribute.EMPTY:
		return trace.Attribute{Key: key}
	}
	return trace.String(key, v.String()) // also for types that OpenTelemetry may add
}

// fromSlice converts a list. It stays a list if all values have the same simple type.
func fromSlice(key string, v *attribute.Value) trace.Attribute {
	list := v.AsSlice()
	if len(list) == 0 {
		return trace.Strings(key)
	}
	for _, element := range list {
		if element.Type() != list[0].Type() {
			return trace.String(key, v.String())
		}
	}
	switch list[0].Type() {
	case attribute.STRING:
		return trace.Strings(key, each(list, attribute.Value.AsString)...)
	case attribute.INT64:
		return trace.Int64s(key, each(list, attribute.Value.AsInt64)...)
	case attribute.BOOL:
		return trace.Bools(key, each(list, attribute.Value.AsBool)...)
	case attribute.FLOAT64:
		return trace.Float64s(key, each(list, attribute.Value.AsFloat64)...)
	}
	return trace.String(key, v.String())
}

func each[T any](list []attribute.Value, get func(attribute.Value) T) []T {
	elements := make([]T, len(list))
	for i, v := range list {
		elements[i] = get(v)
	}
	return elements
}

// AttributesToOTel converts attrs to OpenTelemetry's type.
func AttributesToOTel(attrs []trace.Attribute) []attribute.KeyValue {
	if len(attrs) == 0 {
		return nil
	}
	list := make([]attribute.KeyValue, len(attrs))
	for i := range attrs {
		list[i] = attribute.KeyValue{Key: attribute.Key(attrs[i].Key), Value: valueToOTel(attrs[i].Value)}
	}
	return list
}

func valueToOTel(v trace.Value) attribute.Value {
	switch v.Kind() {
	case trace.KindString:
		return attribute.StringValue(v.Str())
	case trace.KindBool:
		return attribute.BoolValue(v.Bool())
	case trace.KindInt64:
		return attribute.Int64Value(v.Int64())
	case trace.KindFloat64:
		return attribute.Float64Value(v.Float64())
	case trace.KindStrings:
		return attribute.StringSliceValue(v.Strings())
	case trace.KindBools:
		return attribute.BoolSliceValue(v.Bools())
	case trace.KindInt64s:
		return attribute.Int64SliceValue(v.Int64s())
	case trace.KindFloat64s:
		return attribute.Float64SliceValue(v.Float64s())
	}
	return attribute.Value{}
}
