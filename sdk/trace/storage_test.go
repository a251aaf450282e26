package trace_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// fillIn gives every field a value, and every list two.
func fillIn(v reflect.Value) {
	if !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("mine")
	case reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(1)
	case reflect.Array:
		for i := range v.Len() {
			fillIn(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillIn(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillIn(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillIn(v.Index(i))
		}
	default:
		panic("no value for a " + v.Type().String())
	}
}

// request makes a trace of a root and n-1 children that have the mark in all their values.
func (f *fixture) request(n int, mark string) {
	ctx, root := f.StartRoot(background, "root", &trace.RootConfig{}) // StartRoot sets less than Start
	spans := []*trace.Span{root}
	for range n - 1 {
		_, child := trace.Start(ctx, "child")
		spans = append(spans, child)
	}
	for _, span := range spans {
		span.SetAttributes(trace.String("mark", mark), trace.Int("n", n))
		span.AddEvent("event", trace.String("mark", mark))
	}
	for i := range spans {
		spans[len(spans)-1-i].End()
	}
}

// TestExporterThatRewritesRecords has an exporter set every field of each span and append two spans. The next trace with the
// same storage, whether it has more spans, fewer or as many, must have nothing of it.
func TestExporterThatRewritesRecords(t *testing.T) {
	for _, uses := range [][]int{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1, 2}, {3, 1, 3}, {2, 1, 1, 3}} {
		t.Run(fmt.Sprint(uses), func(t *testing.T) {
			kept, calls := tracetest.NewExporter(), 0
			f := newFixture(trace.Config{Exporter: exporterFunc(func(ctx context.Context, b *trace.Batch) error {
				if calls++; calls == len(uses) {
					return kept.Export(ctx, b)
				}
				for i := range b.Spans {
					fillIn(reflect.ValueOf(&b.Spans[i]).Elem())
				}
				b.Spans = append(b.Spans, b.Spans[0], b.Spans[0])
				return nil
			})})
			fresh := newFixture(trace.Config{})
			for i, n := range uses {
				f.request(n, fmt.Sprint(i))
			}
			fresh.request(uses[len(uses)-1], fmt.Sprint(len(uses)-1))
			want, got := fresh.exporter.Spans(), kept.Spans()
			require.Len(t, got, len(want))
			for i := range want {
				for _, d := range []*trace.SpanData{&want[i], &got[i]} {
					assert.Equal(t, i > 0, d.ParentSpanID.IsValid())
					d.SpanContext.TraceID, d.SpanContext.SpanID, d.ParentSpanID = trace.TraceID{}, trace.SpanID{}, trace.SpanID{}
				}
				assert.Equal(t, want[i], got[i])
			}
		})
	}
}

// marks makes strings, and knows whether they are still in memory.
type marks map[string]weak.Pointer[byte]

func (m marks) new(name string) string {
	s := strings.Repeat(name, 100)
	m[name] = weak.Make(unsafe.StringData(s))
	return s
}

// TestStorageForgets checks that nothing of a request stays in memory after it, although its storage is kept for the next. Only
// its context may stay, see handlesAtOnce.
func TestStorageForgets(t *testing.T) {
	for _, children := range []int{0, 2} {
		m := marks{}
		f := newFixture(trace.Config{Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
			b.Spans = []trace.SpanData{{Name: m.new("exporter")}}
			return nil
		})})
		ctx, root := f.Start(background, m.new("name"), trace.StartConfig{
			Scope: &trace.Scope{Name: m.new("scope")},
			Links: []trace.Link{{SpanContext: remote(t, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), Attributes: []trace.Attribute{trace.String("k", m.new("link"))}}},
		})
		spans := []*trace.Span{root}
		for i := range children {
			_, child := trace.Start(ctx, "child", trace.String("k", m.new(fmt.Sprint("child", i))))
			spans = append(spans, child)
		}
		for i := range spans {
			span := spans[len(spans)-1-i]
			span.SetAttributes(trace.String("a", m.new(fmt.Sprint("attribute", i))), trace.String("b", m.new(fmt.Sprint("replaced", i))))
			span.SetAttributes(trace.String("b", "new"), trace.String("c", m.new(fmt.Sprint("again", i))), trace.String("c", m.new(fmt.Sprint("twice", i))))
			span.AddEvent("event", trace.String("k", m.new(fmt.Sprint("event", i))))
			span.SetStatus(trace.StatusError, m.new(fmt.Sprint("status", i)))
			span.End()
		}
		ctx, root, spans = nil, nil, nil
		runtime.GC() // the first that a pool survives
		for name, mark := range m {
			if name == "name" || name == "scope" {
				continue // one of each may stay until the next use overwrites it
			}
			assert.Nil(t, mark.Value(), "%s of a trace with %d children", name, children)
		}
		runtime.KeepAlive(f)
	}
}

// TestListsHoldNothingBehindTheirEnd checks that a value that was appended for a duplicate key does not stay behind the end of
// the list.
func TestListsHoldNothingBehindTheirEnd(t *testing.T) {
	var behind []trace.Attribute
	f := newFixture(trace.Config{Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
		list := b.Spans[0].Attributes
		for _, a := range list[len(list):cap(list)] {
			if a != (trace.Attribute{}) {
				behind = append(behind, a)
			}
		}
		return nil
	})})
	for range 2 {
		_, root := f.start("root")
		root.SetAttributes(trace.String("a", "1"), trace.String("b", "1"), trace.String("a", "2"), trace.String("c", "1"), trace.String("c", "2"))
		root.End()
		_, root = f.start("root")
		root.End()
	}
	assert.Empty(t, behind)
}
