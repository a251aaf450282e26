//go:build wasm || edgespan_small

package otlp

import (
	"unsafe"

	"github.com/edgespan/edgespan/sdk/trace"
)

// An object is the shape of a JSON object as data: which fields of a struct are its members, in which order, and how each is
// written. One loop, writer.object, writes them all. Code that names each member would be larger: a member takes two or three
// calls of 80 bytes, and here an entry of 32. The loop reads a struct through an unsafe.Pointer, so the form of a member must
// match the type of its field. TestEncoderAndReference compares every member with a plain encoder.
type object []member

type member struct {
	before string  // what comes before the value. If it ends with a quote or a bracket, that is closed after the value
	inner  *object // the shape of the elements of a list, or of a struct
	form   form
	most   uint8  // the last number of an enum that OTLP knows
	at     uint16 // where the field is in the struct
	remote uint16 // where the bool is that belongs to the flags
	size   uint16 // of an id or of an element of a list, in bytes
}

// form is the type of a field, and how it is written.
type form uint8

const (
	formText  form = iota // a string
	formValue             // a trace.Value
	formID                // a TraceID or a SpanID, in hex
	formFlags             // TraceFlags, and a bool that says whether what the ids name belongs to another process
	formTime              // an int64, or 0 if it is negative: times are unsigned in OTLP, and a reader would refuse the line
	formEnd               // nothing: it closes an object that an earlier member has opened

	// The rest are left out, with what comes before them, if they write nothing.

	formOptionalText // a string that is not empty
	formOptionalID   // a SpanID that is not zero
	formEnum         // a uint8 from 1 to most
	formCount        // a uint32 above 0
	formList         // a slice of structs that is not empty
	formStatus       // a struct that begins with a formEnum which is not left out
)

// of has fields for unsafe.Offsetof to name. It is not linked.
var of struct {
	span      trace.SpanData
	context   trace.SpanContext
	status    trace.Status
	event     trace.Event
	link      trace.Link
	attribute trace.Attribute
	resource  trace.Resource
	scope     trace.Scope
}

// Where the SpanContext of a span and of a link is, and where its fields are in it.
const (
	spanContext = uint16(unsafe.Offsetof(of.span.SpanContext))
	linkContext = uint16(unsafe.Offsetof(of.link.SpanContext))

	traceID    = uint16(unsafe.Offsetof(of.context.TraceID))
	spanID     = uint16(unsafe.Offsetof(of.context.SpanID))
	traceFlags = uint16(unsafe.Offsetof(of.context.TraceFlags))
	remote     = uint16(unsafe.Offsetof(of.context.Remote))
	traceState = uint16(unsafe.Offsetof(of.context.TraceState)) // it has one field, a string
)

var spanObject = object{
	{before: `{"traceId":"`, form: formID, at: spanContext + traceID, size: 16},
	{before: `,"spanId":"`, form: formID, at: spanContext + spanID, size: 8},
	{before: `,"parentSpanId":"`, form: formOptionalID, at: uint16(unsafe.Offsetof(of.span.ParentSpanID)), size: 8},
	{before: `,"flags":`, form: formFlags, at: spanContext + traceFlags, remote: uint16(unsafe.Offsetof(of.span.ParentRemote))},
	{before: `,"traceState":"`, form: formOptionalText, at: spanContext + traceState},
	{before: `,"name":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.span.Name))},
	{before: `,"kind":`, form: formEnum, at: uint16(unsafe.Offsetof(of.span.Kind)), most: uint8(trace.SpanKindConsumer)},
	{before: `,"startTimeUnixNano":"`, form: formTime, at: uint16(unsafe.Offsetof(of.span.Start))},
	{before: `,"endTimeUnixNano":"`, form: formTime, at: uint16(unsafe.Offsetof(of.span.End))},
	{before: `,"attributes":[`, form: formList, at: uint16(unsafe.Offsetof(of.span.Attributes)), size: attributeSize, inner: &attributeObject},
	{before: `,"droppedAttributesCount":`, form: formCount, at: uint16(unsafe.Offsetof(of.span.DroppedAttributes))},
	{before: `,"events":[`, form: formList, at: uint16(unsafe.Offsetof(of.span.Events)), size: uint16(unsafe.Sizeof(of.event)), inner: &eventObject},
	{before: `,"droppedEventsCount":`, form: formCount, at: uint16(unsafe.Offsetof(of.span.DroppedEvents))},
	{before: `,"links":[`, form: formList, at: uint16(unsafe.Offsetof(of.span.Links)), size: uint16(unsafe.Sizeof(of.link)), inner: &linkObject},
	{before: `,"droppedLinksCount":`, form: formCount, at: uint16(unsafe.Offsetof(of.span.DroppedLinks))},
	{before: `,"status":`, form: formStatus, at: uint16(unsafe.Offsetof(of.span.Status)), most: uint8(trace.StatusError), inner: &statusObject},
}

var statusObject = object{
	{before: `{"code":`, form: formEnum, at: uint16(unsafe.Offsetof(of.status.Code)), most: uint8(trace.StatusError)},
	{before: `,"message":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.status.Description))},
}

var eventObject = object{
	{before: `{"timeUnixNano":"`, form: formTime, at: uint16(unsafe.Offsetof(of.event.Time))},
	{before: `,"name":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.event.Name))},
	{before: `,"attributes":[`, form: formList, at: uint16(unsafe.Offsetof(of.event.Attributes)), size: attributeSize, inner: &attributeObject},
	{before: `,"droppedAttributesCount":`, form: formCount, at: uint16(unsafe.Offsetof(of.event.DroppedAttributes))},
}

var linkObject = object{
	{before: `{"traceId":"`, form: formID, at: linkContext + traceID, size: 16},
	{before: `,"spanId":"`, form: formID, at: linkContext + spanID, size: 8},
	{before: `,"flags":`, form: formFlags, at: linkContext + traceFlags, remote: linkContext + remote},
	{before: `,"traceState":"`, form: formOptionalText, at: linkContext + traceState},
	{before: `,"attributes":[`, form: formList, at: uint16(unsafe.Offsetof(of.link.Attributes)), size: attributeSize, inner: &attributeObject},
	{before: `,"droppedAttributesCount":`, form: formCount, at: uint16(unsafe.Offsetof(of.link.DroppedAttributes))},
}

var attributeObject = object{
	{before: `{"key":"`, form: formText, at: uint16(unsafe.Offsetof(of.attribute.Key))},
	{before: `,"value":{`, form: formValue, at: uint16(unsafe.Offsetof(of.attribute.Value))},
	{before: `}`, form: formEnd},
}

const attributeSize = uint16(unsafe.Sizeof(of.attribute))

// elementObject is an element of a list value: a trace.Value by itself.
var elementObject = object{{before: `{`, form: formValue}}

var resourceObject = object{
	{before: `"attributes":[`, form: formList, at: uint16(unsafe.Offsetof(of.resource.Attributes)), size: attributeSize, inner: &attributeObject},
}

var scopeObject = object{
	{before: `"name":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.scope.Name))},
	{before: `,"version":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.scope.Version))},
}

// unnamedScope is a scope without a name, whose version has no comma before it.
var unnamedScope = object{
	{before: `"version":"`, form: formOptionalText, at: uint16(unsafe.Offsetof(of.scope.Version))},
}
