package trace

import "context"

// Exporter receives finished local traces.
//
// An exporter can wrap another one to change spans or to leave some out before they are exported. The wrapper must also pass on
// the methods DetectResource, Flush, FlushDue and Shutdown of the exporter that it wraps. It does if it embeds the concrete
// type, such as *logendpoint.Endpoint. If it embeds the Exporter interface, these methods are hidden, and the spans lose the
// attributes of the platform.
type Exporter interface {
	// Export hands on one batch of spans: all spans of a local trace, or a single span that ended after its root.
	//
	// Until Export returns, it may change the batch and everything that the batch points to, except the resource. After it
	// returns, the provider uses the batch's memory again, so an exporter that keeps spans must [Batch.Clone] them. Memory that
	// the exporter itself has put into the batch stays the exporter's. An exporter that passes a batch on to several others gives
	// each a clone, except the last, as one of them may change it.
	//
	// ctx carries the values of the context that the root was started with. It may be cancelled already. Export may be called
	// from several goroutines at the same time. If it returns an error or panics, that is reported to [Config.OnError].
	Export(ctx context.Context, b *Batch) error
}

// ResourceDetector is implemented by an [Exporter] that knows the platform it runs on. [NewTracerProvider] calls it once. The
// attributes in [Config] replace detected attributes with the same key.
type ResourceDetector interface {
	DetectResource() []Attribute
}

// Batch is a list of spans and the resource that made them. An [Exporter] gets the spans in the order in which they were
// started with [Start]. That can differ from the order of [SpanData.Start], which a caller may set. A decoder returns the spans
// in the order of the line.
type Batch struct {
	Resource *Resource
	Spans    []SpanData
}

// Clone returns a copy that can be kept. The copy shares the resource, which never changes.
func (b *Batch) Clone() *Batch {
	c := &Batch{Resource: b.Resource, Spans: make([]SpanData, len(b.Spans))}
	for i := range b.Spans {
		c.Spans[i] = b.Spans[i].Clone()
	}
	return c
}

// Root returns the first span whose parent is not in the batch. That is the root of a local trace, or the topmost span of a
// part of one, such as a span that ended after its root. Root returns nil if there is no such span: in an empty batch, or in a
// line of another program in which spans are their own parents.
func (b *Batch) Root() *SpanData {
	for i := range b.Spans {
		if d := &b.Spans[i]; d.ParentRemote || !b.has(d.ParentSpanID) {
			return d
		}
	}
	return nil
}

func (b *Batch) has(id SpanID) bool {
	for i := range b.Spans {
		if b.Spans[i].SpanContext.SpanID == id {
			return true
		}
	}
	return false
}
