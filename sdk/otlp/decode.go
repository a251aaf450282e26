//go:build !js || edgespan_decode

package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// Decode decodes one line. It returns a batch for each element of resourceSpans, in their order. For a line of another signal,
// such as logs, it returns no batches.
//
// Spans that an [Encoder] wrote come back equal, with these exceptions. An attribute with an empty list becomes an empty list
// of strings. A byte that is not UTF-8 becomes U+FFFD. A time before 1970 becomes 0. A Scope that equals [trace.DefaultScope]
// becomes nil.
//
// Lines of other writers, such as the Collector's file exporter, are read too. Numbers may be strings or numbers, enums may be
// names, and ids may be in upper case. An attribute that holds bytes becomes a string in base64. A map, or a list of more than
// one type, becomes a string of JSON. Unknown fields are ignored.
//
// An error says where in the line it is, and comes without batches. The result shares no memory with line. Decoding takes up to
// a hundred times the memory of the line, so limit the length of lines from untrusted sources.
//
// Decode may be called from any goroutine.
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

// readScope returns nil for the default scope.
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
