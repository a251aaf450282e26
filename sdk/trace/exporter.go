package trace

import "context"

// Exporter takes finished local traces.
//
// One that wraps another sees each request's spans before they leave, and may change them or leave some out. It embeds the
// other's own type (*logendpoint.Endpoint), or passes on DetectResource, Flush and FlushDue: embedded as an Exporter they are
// hidden, and the spans have no resource of the platform.
type Exporter interface {
	// Export hands on one batch of spans: the local trace of a request in one call, or a span that ended after its root.
	// The batch and all that it points to, but the resource, are Export's to change; what it puts there in the place of something
	// stays its own. When it returns, what it was given belongs to the provider again; Clone what is to be kept.
	//
	// ctx carries the values of the context that the root was started with, and may have been cancelled by then.
	// Export may be called from several goroutines. An error goes to Config.OnError, and so does a panic.
	Export(ctx context.Context, b *Batch) error
}

// ResourceDetector is what an [Exporter] implements that knows the platform it writes on. Its attributes have less weight
// than those of [Config].
type ResourceDetector interface {
	DetectResource() []Attribute
}

// Batch is spans of one resource. What an [Exporter] gets is in the order in which [Start] was called, which need not be that of
// [SpanData.Start]; what Decode returns is in the order of the line.
type Batch struct {
	Resource *Resource
	Spans    []SpanData
}

// Clone returns a copy that may be kept. The resource is shared: it never changes.
func (b *Batch) Clone() *Batch {
	c := &Batch{Resource: b.Resource, Spans: make([]SpanData, len(b.Spans))}
	for i := range b.Spans {
		c.Spans[i] = b.Spans[i].Clone()
	}
	return c
}

// Root returns the first span whose parent is not in the batch: the root of a local trace, or what is the topmost in a part of one,
// such as a span that has ended after its root. It is nil where there is none: in an empty batch, or in a line of somebody else's in
// which spans are their own parents.
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
