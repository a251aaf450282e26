// Package binding starts and ends the spans of the wrapper packages' calls to bindings.
package binding

import (
	"context"
	"strings"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Start starts a CLIENT span named "{operation} {name}" for a call to a binding, or returns nil if the span would not be
// recorded. The attributes have the names that Cloudflare's own tracing uses,
// https://developers.cloudflare.com/workers/observability/traces/spans-and-attributes/.
func Start(ctx context.Context, operation, bindingType, name string, attrs ...trace.Attribute) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("cloudflare.binding.type", bindingType), trace.String("cloudflare.binding.name", name))
		span.SetAttributes(attrs...)
	}
	return span
}

// StartDB is Start for a database. It adds the attributes of the conventions for databases.
func StartDB(ctx context.Context, operation, system, bindingType, name string) *trace.Span {
	span := Start(ctx, operation, bindingType, name)
	if span != nil {
		span.SetAttributes(
			trace.String("db.system.name", system),
			trace.String("db.operation.name", operation),
			trace.String("db.namespace", name),
		)
	}
	return span
}

// Fail records err on the span and returns the value of error.type. It does nothing if err or span is nil.
func Fail(span *trace.Span, err error) string {
	if err == nil || span == nil {
		return ""
	}
	name := ErrorType(err)
	span.SetOutcome(trace.String("error.type", name))
	span.SetStatus(trace.StatusError, fault.Message(err))
	return name
}

// ErrorType returns the value of error.type. syumai/workers puts the name of a JavaScript error into its text, as in "failed on
// promise: TypeError: …". If the name is just "Error", some of the platform's errors continue with a code, as in "Error:
// D1_ERROR: …"; then that is the type.
func ErrorType(err error) string {
	text, ok := strings.CutPrefix(fault.Message(err), "failed on promise: ")
	if !ok {
		return fault.TypeName(err)
	}
	name := word(text)
	if name == "Error" {
		if code := word(strings.TrimPrefix(text, "Error: ")); code != "" && code == strings.ToUpper(code) {
			return code
		}
	}
	if name == "" {
		return "Error"
	}
	return name
}

// word returns the text before the first colon if it is a single word, and "" otherwise.
func word(text string) string {
	name, _, found := strings.Cut(text, ":")
	if !found {
		return ""
	}
	for i := range len(name) {
		if c := name[i] | 0x20; (c < 'a' || c > 'z') && name[i] != '_' && (name[i] < '0' || name[i] > '9') {
			return ""
		}
	}
	return name
}
