// Package binding has what the twins share: the span of a call of a binding, and the name of its error.
package binding

import (
	"context"
	"strings"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Start starts a CLIENT span "{operation} {name}" for a call of a binding of that type, or returns nil where none would be
// recorded. The attributes' names are those of Cloudflare's own tracing,
// https://developers.cloudflare.com/workers/observability/traces/spans-and-attributes/.
func Start(ctx context.Context, operation, bindingType, name string, attrs ...trace.Attribute) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("cloudflare.binding.type", bindingType), trace.String("cloudflare.binding.name", name))
		span.SetAttributes(attrs...)
	}
	return span
}

// StartDB is Start for what is a database: with the conventions' attributes.
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

// Fail notes that a call has failed, if it has, and returns what error.type says.
func Fail(span *trace.Span, err error) string {
	if err == nil || span == nil {
		return ""
	}
	name := ErrorType(err)
	span.SetOutcome(trace.String("error.type", name))
	span.SetStatus(trace.StatusError, fault.Message(err))
	return name
}

// ErrorType returns the name of JavaScript's error, which syumai/workers puts into the text, as "failed on promise: TypeError: …";
// after a plain "Error", the code that some of the platform's begin with: "Error: D1_ERROR: …".
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

// word returns what stands before the first colon, if it is one word.
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
