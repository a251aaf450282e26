//go:build !js || edgespan_decode

package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// Decode reads one line: a batch for each element of resourceSpans, in their order. A line of another signal, which has
// none, gives no batches.
//
// What an [Encoder] wrote comes back as equal spans, but that an attribute with an empty list becomes an empty list of
// strings, a byte that is not UTF-8 becomes U+FFFD, a time before 1970 becomes 0, and an explicit [trace.DefaultScope] nil.
// Lines of other writers, such as the Collector's file exporter, are read as well: numbers may be strings or numbers, enums
// their names, ids in upper case. An attribute that holds bytes, a map, or a list of more than one type becomes a string:
// base64, or JSON. Unknown fields are ignored.
//
// An error says where in the line it is, and goes with no batches. What is returned shares nothing with line. Reading takes
// up to a hundred times the memory of the line, so whoever takes lines from strangers bounds their length.
func Decode(line []byte) ([]trace.Batch, error) {
	var batches []trace.Batch
	err := jsonread.Line("otlp", line, func(v *fastjson.Value) error {
		return jsonread.Each(v, "resourceSpans", func(v *fastjson.Value) error {
			b, err := readBatch(v)
			batches = append(batches, b)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return batches, nil
}

func readBatch(v *fastjson.Value) (trace.Batch, error) {
	b := trace.Batch{Resource: new(trace.Resource)}
	resource, err := jsonread.Object(v, "resource")
	if err != nil {
		return b, err
	}
	if b.Resource.Attributes, err = readAttributes(resource); err != nil {
		return b, jsonread.In("resource", -1, err)
	}
	return b, jsonread.Each(v, "scopeSpans", func(v *fastjson.Value) error {
		scope, err := readScope(v)
		if err != nil {
			return err
		}
		return jsonread.Each(v, "spans", func(v *fastjson.Value) error {
			b.Spans = append(b.Spans, trace.SpanData{Scope: scope})
			return readSpan(&b.Spans[len(b.Spans)-1], v)
		})
	})
}

// readScope returns nil for Edgespan's own scope.
func readScope(v *fastjson.Value) (*trace.Scope, error) {
	v, err := jsonread.Object(v, "scope")
	if err != nil {
		return nil, err
	}
	s := new(trace.Scope)
	if s.Name, err = jsonread.Text(v, "name"); err == nil {
		s.Version, err = jsonread.Text(v, "version")
	}
	if err != nil {
		return nil, jsonread.In("scope", -1, err)
	}
	if *s == trace.DefaultScope() {
		return nil, nil
	}
	return s, nil
}
