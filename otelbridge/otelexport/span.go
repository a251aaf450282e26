package otelexport

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

// span is an ended span as a SpanExporter reads it. It shares no memory with the batch, since a SpanExporter may keep it.
type span struct {
	sdktrace.ReadOnlySpan // nil; only embedding it provides the interface's unexported method

	name                   string
	sc, parent             oteltrace.SpanContext
	kind                   oteltrace.SpanKind
	start, end             time.Time
	attributes             []attribute.KeyValue
	events                 []sdktrace.Event
	links                  []sdktrace.Link
	status                 sdktrace.Status
	scope                  instrumentation.Scope
	resource               *resource.Resource
	droppedAttributes      int
	droppedEvents          int
	droppedLinks, children int
}

func (s *span) Name() string                                  { return s.name }
func (s *span) SpanContext() oteltrace.SpanContext            { return s.sc }
func (s *span) Parent() oteltrace.SpanContext                 { return s.parent }
func (s *span) SpanKind() oteltrace.SpanKind                  { return s.kind }
func (s *span) StartTime() time.Time                          { return s.start }
func (s *span) EndTime() time.Time                            { return s.end }
func (s *span) Attributes() []attribute.KeyValue              { return s.attributes }
func (s *span) Events() []sdktrace.Event                      { return s.events }
func (s *span) Links() []sdktrace.Link                        { return s.links }
func (s *span) Status() sdktrace.Status                       { return s.status }
func (s *span) InstrumentationScope() instrumentation.Scope   { return s.scope }
func (s *span) InstrumentationLibrary() instrumentation.Scope { return s.scope }
func (s *span) Resource() *resource.Resource                  { return s.resource }
func (s *span) DroppedAttributes() int                        { return s.droppedAttributes }
func (s *span) DroppedEvents() int                            { return s.droppedEvents }
func (s *span) DroppedLinks() int                             { return s.droppedLinks }
func (s *span) ChildSpanCount() int                           { return s.children }

// spans converts a batch.
func spans(b *trace.Batch, r *resource.Resource) []sdktrace.ReadOnlySpan {
	made := make([]span, len(b.Spans))
	list := make([]sdktrace.ReadOnlySpan, len(b.Spans))
	byID := make(map[trace.SpanID]*span, len(b.Spans))
	for i := range b.Spans {
		d, s := &b.Spans[i], &made[i]
		s.fill(d)
		s.resource = r
		list[i], byID[d.SpanContext.SpanID] = s, s
	}
	for i := range b.Spans {
		made[i].setParent(&b.Spans[i], byID)
	}
	return list
}

func (s *span) fill(d *trace.SpanData) {
	s.name, s.sc = d.Name, convert.SpanContextToOTel(d.SpanContext)
	s.kind = oteltrace.SpanKind(d.Kind) // both use the values of OTLP
	s.start, s.end = moment(d.Start), moment(d.End)
	s.attributes = convert.AttributesToOTel(d.Attributes)
	s.droppedAttributes, s.droppedEvents, s.droppedLinks = int(d.DroppedAttributes), int(d.DroppedEvents), int(d.DroppedLinks)
	for i := range d.Events {
		e := &d.Events[i]
		s.events = append(s.events, sdktrace.Event{
			Name: e.Name, Time: moment(e.Time),
			Attributes: convert.AttributesToOTel(e.Attributes), DroppedAttributeCount: int(e.DroppedAttributes),
		})
	}
	for i := range d.Links {
		l := &d.Links[i]
		s.links = append(s.links, sdktrace.Link{
			SpanContext: convert.SpanContextToOTel(l.SpanContext),
			Attributes:  convert.AttributesToOTel(l.Attributes), DroppedAttributeCount: int(l.DroppedAttributes),
		})
	}
	switch d.Status.Code {
	case trace.StatusOK:
		s.status.Code = codes.Ok
	case trace.StatusError:
		s.status = sdktrace.Status{Code: codes.Error, Description: d.Status.Description}
	}
	scope := trace.DefaultScope()
	if d.Scope != nil {
		scope = *d.Scope
	}
	s.scope = instrumentation.Scope{Name: scope.Name, Version: scope.Version}
}

// setParent sets the parent. If the parent is in the batch, the span is counted as its child. Otherwise only the parent's id is
// known, and its flags are assumed to be those of the span.
func (s *span) setParent(d *trace.SpanData, byID map[trace.SpanID]*span) {
	if !d.ParentSpanID.IsValid() {
		return
	}
	if p := byID[d.ParentSpanID]; p != nil && !d.ParentRemote {
		s.parent = p.sc
		p.children++
		return
	}
	s.parent = s.sc.WithSpanID(oteltrace.SpanID(d.ParentSpanID)).WithRemote(d.ParentRemote)
}

// moment converts nanoseconds since the Unix epoch. 0 means that the time is not known, and becomes the zero time.
func moment(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos)
}
