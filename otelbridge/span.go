package otelbridge

import (
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

// stackAttributes is the number of attributes that a call can convert without an allocation.
const stackAttributes = 16

// span is a *trace.Span behind OpenTelemetry's interface. It is a value type, so two values for the same span are equal.
type span struct {
	embedded.Span
	s *trace.Span
	p *TracerProvider
}

func isSpan(o oteltrace.Span, s *trace.Span) bool {
	b, ok := o.(span)
	return ok && b.s == s
}

// End ends the span. If it is deferred in a function that panics, it records the panic, as the OpenTelemetry SDK does, and the
// panic continues.
func (b span) End(options ...oteltrace.SpanEndOption) {
	if !b.s.IsRecording() {
		return
	}
	var config oteltrace.SpanConfig
	if len(options) > 0 {
		config = oteltrace.NewSpanEndConfig(options...)
	}
	// recover works only here, since End itself is the deferred function.
	if v := recover(); v != nil {
		defer panic(v)
		b.s.AddEvent(trace.ExceptionEvent, exception(nil, typeName(v), fmt.Sprint(v), config.StackTrace())...)
	}
	if at := config.Timestamp(); !at.IsZero() {
		b.s.EndAt(at)
		return
	}
	b.s.End()
}

// AddEvent adds an event. Its time is now unless an option sets it.
func (b span) AddEvent(name string, options ...oteltrace.EventOption) {
	if !b.s.IsRecording() {
		return
	}
	if len(options) == 0 {
		b.s.AddEvent(name)
		return
	}
	config := eventConfig(options)
	var buf [stackAttributes]trace.Attribute
	attrs := convert.AppendAttributes(buf[:0], config.Attributes())
	if config.StackTrace() {
		attrs = append(attrs, trace.String(stackTraceKey, stackTrace()))
	}
	b.addEvent(name, config.Timestamp(), attrs)
}

// RecordError adds an exception event for err. It does not change the status.
func (b span) RecordError(err error, options ...oteltrace.EventOption) {
	if err == nil || !b.s.IsRecording() {
		return
	}
	config := eventConfig(options)
	var buf [stackAttributes]trace.Attribute
	attrs := convert.AppendAttributes(buf[:0], config.Attributes())
	b.addEvent(trace.ExceptionEvent, config.Timestamp(), exception(attrs, typeName(err), fault.Message(err), config.StackTrace()))
}

func (b span) addEvent(name string, at time.Time, attrs []trace.Attribute) {
	if at == noTime {
		b.s.AddEvent(name, attrs...)
	} else {
		b.s.AddEventAt(at, name, attrs...)
	}
}

// noTime means that no option has set a time. Without it the API would use the wall clock, but an event's time must come from
// the clock of its trace.
var noTime = time.Unix(0, 1)

func eventConfig(options []oteltrace.EventOption) oteltrace.EventConfig {
	list := make([]oteltrace.EventOption, 0, 8)
	list = append(list, oteltrace.WithTimestamp(noTime))
	return oteltrace.NewEventConfig(append(list, options...)...)
}

// AddLink adds a link.
func (b span) AddLink(l oteltrace.Link) {
	if !b.s.IsRecording() {
		return
	}
	if c, ok := link(l); ok {
		b.s.AddLink(c)
	}
}

// IsRecording reports whether the span records what is set on it.
func (b span) IsRecording() bool { return b.s.IsRecording() }

// SpanContext returns the span's ids, flags and trace state. It may be called after End.
func (b span) SpanContext() oteltrace.SpanContext {
	return convert.SpanContextToOTel(b.s.SpanContext())
}

// SetStatus sets the status. Ok is final, Unset changes nothing, and only Error has a description. Unlike in the SDK, an Error
// without a description keeps an earlier description.
func (b span) SetStatus(code codes.Code, description string) {
	switch code {
	case codes.Ok:
		b.s.SetStatus(trace.StatusOK, "")
	case codes.Error:
		b.s.SetStatus(trace.StatusError, description)
	}
}

// SetName replaces the name.
func (b span) SetName(name string) { b.s.SetName(name) }

// SetAttributes sets attributes. If there is an attribute with the same key already, it gets the new value.
func (b span) SetAttributes(kv ...attribute.KeyValue) {
	if len(kv) == 0 || !b.s.IsRecording() {
		return
	}
	var buf [stackAttributes]trace.Attribute
	b.s.SetAttributes(convert.AppendAttributes(buf[:0], kv)...)
}

// TracerProvider returns the bridge's provider.
func (b span) TracerProvider() oteltrace.TracerProvider { return b.p }
