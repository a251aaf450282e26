package otelbridge

import (
	"reflect"
	"runtime"

	"github.com/edgespan/edgespan/sdk/trace"
)

const stackTraceKey = "exception.stacktrace"

// exception appends the attributes of an exception event,
// https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/. They come last, so they replace attributes of the
// same keys in attrs.
func exception(attrs []trace.Attribute, kind, message string, stack bool) []trace.Attribute {
	attrs = append(attrs, trace.String("exception.type", kind), trace.String("exception.message", message))
	if stack {
		attrs = append(attrs, trace.String(stackTraceKey, stackTrace()))
	}
	return attrs
}

// typeName returns the name of value's type, with the full path of its package, as the OpenTelemetry SDK does. An error
// therefore has the same name whichever SDK recorded it.
func typeName(value any) string {
	t := reflect.TypeOf(value)
	if t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

// maxStack is the maximum length of a stack trace in bytes: a quarter of a log line.
const maxStack = 4 << 10

func stackTrace() string {
	buf := make([]byte, maxStack)
	return string(buf[:runtime.Stack(buf, false)])
}
