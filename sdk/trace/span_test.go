package trace_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestStatusPrecedence(t *testing.T) {
	type call struct {
		code        trace.StatusCode
		description string
	}
	for _, tt := range []struct {
		name  string
		calls []call
		want  trace.Status
	}{
		{"none", nil, trace.Status{}},
		{"unset", []call{{trace.StatusUnset, "x"}}, trace.Status{}},
		{"error", []call{{trace.StatusError, "x"}}, trace.Status{Code: trace.StatusError, Description: "x"}},
		{"the last error", []call{{trace.StatusError, "x"}, {trace.StatusError, "y"}}, trace.Status{Code: trace.StatusError, Description: "y"}},
		{"an error that says nothing", []call{{trace.StatusError, "x"}, {trace.StatusError, ""}}, trace.Status{Code: trace.StatusError, Description: "x"}},
		{"unset changes nothing", []call{{trace.StatusError, "x"}, {trace.StatusUnset, "y"}}, trace.Status{Code: trace.StatusError, Description: "x"}},
		{"ok has no description", []call{{trace.StatusOK, "x"}}, trace.Status{Code: trace.StatusOK}},
		{"ok over error", []call{{trace.StatusError, "x"}, {trace.StatusOK, "y"}}, trace.Status{Code: trace.StatusOK}},
		{"ok is final", []call{{trace.StatusOK, ""}, {trace.StatusError, "x"}, {trace.StatusUnset, ""}}, trace.Status{Code: trace.StatusOK}},
		{"unknown", []call{{3, "x"}, {255, "y"}}, trace.Status{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{})
			_, span := f.start("root")
			for _, c := range tt.calls {
				span.SetStatus(c.code, c.description)
			}
			span.End()
			assert.Equal(t, tt.want, f.only(t).Status)
		})
	}
}

func TestNameAndKind(t *testing.T) {
	f := newFixture(trace.Config{})
	_, span := f.start("before")
	span.SetName("")
	span.SetKind(trace.SpanKindConsumer)
	span.End()
	span.SetName("after")
	span.SetKind(trace.SpanKindClient)
	assert.Empty(t, f.only(t).Name)
	assert.Equal(t, trace.SpanKindConsumer, f.only(t).Kind)

	for kind, want := range map[trace.SpanKind]trace.SpanKind{
		trace.SpanKindUnspecified: trace.SpanKindInternal, trace.SpanKindInternal: trace.SpanKindInternal, trace.SpanKindServer: trace.SpanKindServer,
		trace.SpanKindClient: trace.SpanKindClient, trace.SpanKindProducer: trace.SpanKindProducer, trace.SpanKindConsumer: trace.SpanKindConsumer,
		6: trace.SpanKindInternal, 255: trace.SpanKindInternal,
	} {
		f.exporter.Reset()
		ctx, root := f.Start(background, "root", trace.StartConfig{Kind: kind})
		_, child := trace.Start(ctx, "child")
		child.SetKind(kind)
		child.End()
		root.End()
		for _, d := range f.exporter.Spans() {
			assert.Equal(t, want, d.Kind)
		}
	}
}

func TestKindAndStatusNames(t *testing.T) {
	for kind, name := range []string{"unspecified", "internal", "server", "client", "producer", "consumer"} {
		assert.Equal(t, name, trace.SpanKind(kind).String())
		assert.Equal(t, trace.SpanKind(kind), trace.ParseSpanKind(name))
	}
	for code, name := range []string{"unset", "ok", "error"} {
		assert.Equal(t, name, trace.StatusCode(code).String())
		assert.Equal(t, trace.StatusCode(code), trace.ParseStatusCode(name))
	}
	assert.Equal(t, "unspecified", trace.SpanKind(6).String())
	assert.Equal(t, "unset", trace.StatusCode(3).String())
	for _, name := range []string{"", "Server", "SERVER", "other"} {
		assert.Equal(t, trace.SpanKindUnspecified, trace.ParseSpanKind(name))
		assert.Equal(t, trace.StatusUnset, trace.ParseStatusCode(name))
	}
}

// touchy is an error whose Error method panics on nil.
type touchy struct{ text string }

func (e *touchy) Error() string { return e.text }

type panicky struct{}

func (panicky) Error() string { panic(errBoom) }

func TestRecordError(t *testing.T) {
	var typedNil *touchy
	for _, tt := range []struct {
		name      string
		err       error
		typ, text string
		extra     []trace.Attribute
	}{
		{name: "errors.New", err: errBoom, typ: "*errors.errorString", text: "boom"},
		{name: "wrapped", err: fmt.Errorf("more: %w", errBoom), typ: "*fmt.wrapError", text: "more: boom"},
		{name: "of a package", err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, typ: "*fs.PathError", text: "open x: file does not exist"},
		{name: "joined", err: errors.Join(errBoom, errBoom), typ: "*errors.joinError", text: "boom\nboom"},
		{name: "context", err: context.DeadlineExceeded, typ: "context.deadlineExceededError", text: "context deadline exceeded"},
		{name: "typed nil", err: typedNil, typ: "*trace_test.touchy", text: "*trace_test.touchy"},
		{name: "panics", err: panicky{}, typ: "trace_test.panicky", text: "trace_test.panicky"},
		{name: "empty", err: errors.New(""), typ: "*errors.errorString", text: ""},
		{name: "with attributes", err: errBoom, typ: "*errors.errorString", text: "boom", extra: []trace.Attribute{trace.Bool("exception.escaped", true)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(trace.Config{})
			_, span := f.start("root")
			f.clock.Advance(time.Second)
			span.RecordError(tt.err, tt.extra...)
			span.RecordError(nil)
			span.End()
			span.RecordError(tt.err)
			d := f.only(t)
			want := append([]trace.Attribute{trace.String("exception.type", tt.typ), trace.String("exception.message", tt.text)}, tt.extra...)
			assert.Equal(t, []trace.Event{{Name: "exception", Time: since(time.Second), Attributes: want}}, d.Events)
			assert.Equal(t, trace.Status{}, d.Status, "not every error fails the span")
		})
	}
}

// TestRecordErrorTypedNil checks that a nil pointer whose Error method panics is recorded by the name of its type.
func TestRecordErrorTypedNil(t *testing.T) {
	var typedNil *touchy
	var pathError *fs.PathError
	for _, err := range []error{typedNil, pathError} {
		f := newFixture(trace.Config{})
		_, span := f.start("root")
		require.NotPanics(t, func() { span.RecordError(err) })
		span.RecordError(errBoom, trace.String("exception.message", "said otherwise"))
		span.End()
		d := f.only(t)
		assert.Equal(t, d.Events[0].Attributes[0].Value, d.Events[0].Attributes[1].Value)
		assert.Equal(t, "said otherwise", d.Events[1].Attributes[1].Value.Str())
		assert.Len(t, d.Events[1].Attributes, 2)
	}
}

func TestEndTwice(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	_, child := trace.Start(ctx, "child")
	child.EndAt(epoch.Add(time.Second))
	child.EndAt(epoch.Add(time.Hour))
	child.End()
	useEverything(child)
	root.EndAt(epoch.Add(time.Minute))
	root.End()
	useEverything(root)
	useEverything(child)

	// It does not change the trace that uses the storage now either.
	ctx, root = f.start("next")
	_, next := trace.Start(ctx, "next child")
	useEverything(child)
	next.End()
	root.End()

	require.Equal(t, []string{"root child", "next next child"}, f.names())
	for _, d := range f.exporter.Spans() {
		assert.Empty(t, d.Attributes)
		assert.Empty(t, d.Events)
		assert.Empty(t, d.Links)
		assert.Equal(t, trace.Status{}, d.Status)
	}
	spans := f.exporter.Spans()
	assert.Equal(t, since(time.Minute), spans[0].End)
	assert.Equal(t, since(time.Second), spans[1].End)
}

// TestOneSpanFromManyGoroutines checks that many goroutines may use and end the same span at the same time.
func TestOneSpanFromManyGoroutines(t *testing.T) {
	const workers, each = 8, 100
	f := newFixture(trace.Config{Limits: trace.Limits{Attributes: -1, Events: -1, Links: -1}})
	ctx, root := f.start("root")
	concurrently(workers, func(worker int) {
		for range each {
			_, child := trace.Start(ctx, "child")
			root.SetAttributes(trace.Int("worker", worker))
			root.AddEvent("event", trace.Int("worker", worker))
			root.AddLink(trace.Link{SpanContext: child.SpanContext()})
			root.SetStatus(trace.StatusError, "x")
			child.End()
			child.End()
		}
	})
	concurrently(workers, func(int) { root.End() })
	spans := f.exporter.Spans()
	require.Len(t, spans, 1+workers*each)
	assert.Len(t, spans[0].Attributes, 1)
	assert.Len(t, spans[0].Events, workers*each)
	assert.Len(t, spans[0].Links, workers*each)
	assert.Len(t, f.exporter.Batches(), 1)
}

func TestClone(t *testing.T) {
	link := trace.Link{SpanContext: remote(t, "00-"+ids+"-01"), Attributes: numbered(1)}
	original := trace.SpanData{
		Name: "name", Attributes: numbered(2), Links: []trace.Link{link},
		Events: []trace.Event{{Name: "event", Attributes: numbered(1)}, {Name: "bare", Attributes: []trace.Attribute{}}},
	}
	b := (&trace.Batch{Resource: trace.NewResource(numbered(1)), Spans: []trace.SpanData{original}}).Clone()
	original.Attributes[0], original.Events[0].Attributes[0], original.Links[0].Attributes[0] = trace.Attribute{}, trace.Attribute{}, trace.Attribute{}
	original.Events[1].Name, original.Links[0].DroppedAttributes = "changed", 7
	want := trace.SpanData{
		Name: "name", Attributes: numbered(2), Links: []trace.Link{{SpanContext: link.SpanContext, Attributes: numbered(1)}},
		Events: []trace.Event{{Name: "event", Attributes: numbered(1)}, {Name: "bare"}},
	}
	assert.Equal(t, &trace.Batch{Resource: trace.NewResource(numbered(1)), Spans: []trace.SpanData{want}}, b)
	assert.Nil(t, (&trace.Batch{}).Root())
}
