// Package call has what the twins of platforms' packages share: the span round one call, and the name of its error.
package call

import (
	"context"
	"errors"
	"strings"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Start starts a CLIENT span, or returns nil where none would be recorded. Only then is the name put together. target may be
// empty.
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

// Status is an error of a package of the platform, and the status that it stands for where its text does not say.
type Status struct {
	Err  error
	Name string
}

// Fail notes that the call has failed, if it has. error.type is the status in the text, that of the first of known that the error is, or
// the error's type. It returns the status, "" where there is none.
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

// statusIn finds the status in "Fastly error: Inval" and in "unexpected error (Unsupported)": the type that has it is
// internal to compute-sdk-go.
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
		return "not_found" // the platform's word for it would read as no error
	}
	return strings.ReplaceAll(strings.ToLower(name), " ", "_")
}

// Found notes whether there was something. It returns err without what only says that there was nothing.
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

// WithKeys returns a context below which Key records.
func WithKeys(ctx context.Context) context.Context { return context.WithValue(ctx, keysKey{}, true) }

// Keys reports whether ctx was made by WithKeys.
func Keys(ctx context.Context) bool { return ctx.Value(keysKey{}) != nil }

// Key records what was asked for, where it may.
func Key[T string | []byte](ctx context.Context, span *trace.Span, name string, value T) {
	if span != nil && Keys(ctx) {
		span.SetAttributes(trace.String(name, string(value)))
	}
}
