package otelbridge

import (
	"reflect"
	"runtime"

	"github.com/edgespan/edgespan/sdk/trace"
)

const stackTraceKey = "exception.stacktrace"

// exception appends the attributes of an exception event,
// https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/. They come last, so they win.
func exception(attrs []trace.Attribute, kind, message string, stack bool) []trace.Attribute {
	attrs = append(attrs, trace.String("exception.type", kind), trace.String("exception.message", message))
	if stack {
		attrs = append(attrs, trace.String(stackTraceKey, stackTrace()))
	}
	return attrs
}

// typeName names a type as the OpenTelemetry SDK does, with its package's whole path where it has a name of its own: whoever
// searches for an error finds it under one name, whatever made the span.
func typeName(value any) string {
	t := reflect.TypeOf(value)
	if t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

// maxStack bounds a stack trace in bytes: a quarter of what a log line takes.
const maxStack = 4 << 10

func stackTrace() string {
	buf := make([]byte, maxStack)
	return string(buf[:runtime.Stack(buf, false)])
}
