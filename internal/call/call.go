// Package call has what the packages below platform share: they make a span for one call of the platform, and name its error.
package call

import (
	"context"
	"errors"
	"strings"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Start starts a CLIENT span named "operation target", or returns nil if no span would be recorded. target may be empty.
func Start(ctx context.Context, operation, target string) *trace.Span {
	parent := trace.SpanFromContext(ctx)
	if parent == nil || !parent.IsRecording() && !parent.SpanContext().IsSampled() {
		return nil
	}
	name := operation
	if target != "" {
		name += " " + target
	}
	_, span := trace.StartWith(ctx, name, trace.StartConfig{Kind: trace.SpanKindClient})
	return span
}

// Status gives a name to an error of a platform package whose text contains no status.
type Status struct {
	Err  error
	Name string
}

// Fail records on the span that the call has failed, if err is not nil. error.type is the status in the error's text, or else
// the name of the first of known that the error matches, or else the error's type. Fail returns the status, or "" if there is
// none.
func Fail(span *trace.Span, err error, known ...Status) (status string) {
	if err == nil || span == nil {
		return ""
	}
	status = statusOf(err, known)
	kind := status
	if kind == "" {
		kind = fault.TypeName(err)
	}
	span.SetOutcome(trace.String("error.type", kind))
	span.SetStatus(trace.StatusError, fault.Message(err))
	return status
}

func statusOf(err error, known []Status) string {
	if name := statusIn(fault.Message(err)); name != "" {
		return name
	}
	for _, k := range known {
		if errors.Is(err, k.Err) {
			return k.Name
		}
	}
	return ""
}

// statusIn returns the status in a text such as "Fastly error: Inval" or "unexpected error (Unsupported)". The error type that
// holds the status is internal to compute-sdk-go.
func statusIn(text string) string {
	name, ok := strings.CutPrefix(text, "Fastly error: ")
	if !ok {
		i := strings.LastIndexByte(text, '(')
		if i < 0 || !strings.HasSuffix(text, ")") {
			return ""
		}
		name = text[i+1 : len(text)-1]
	}
	if strings.TrimSpace(name) == "" {
		return ""
	}
	for _, c := range []byte(name) {
		if c != ' ' && (c < 'A' || c > 'z' || c > 'Z' && c < 'a') {
			return ""
		}
	}
	if name == "None" {
		return "not_found" // the platform calls this None, which would read as no error
	}
	return strings.ReplaceAll(strings.ToLower(name), " ", "_")
}

// Found records, as the attribute key, whether a look-up found something. It returns err, or nil if err is one of absent, which
// only mean that nothing was found.
func Found(span *trace.Span, key string, err error, absent ...error) error {
	for _, a := range absent {
		if errors.Is(err, a) {
			span.SetAttributes(trace.Bool(key, false))
			return nil
		}
	}
	if err == nil && span != nil {
		span.SetAttributes(trace.Bool(key, true))
	}
	return err
}

type keysKey struct{}

// WithKeys returns a context in which Key records.
func WithKeys(ctx context.Context) context.Context { return context.WithValue(ctx, keysKey{}, true) }

// Keys reports whether ctx comes from WithKeys.
func Keys(ctx context.Context) bool { return ctx.Value(keysKey{}) != nil }

// Key records the key that was looked up, if ctx comes from WithKeys.
func Key[T string | []byte](ctx context.Context, span *trace.Span, name string, value T) {
	if span != nil && Keys(ctx) {
		span.SetAttributes(trace.String(name, string(value)))
	}
}
