package slogspan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// otlpLine is a line with the field names of the protocol's JSON form. An unknown field is an error.
type otlpLine struct {
	ResourceLogs []struct {
		Resource struct {
			Attributes []keyValue `json:"attributes"`
		} `json:"resource"`
		ScopeLogs []struct {
			Scope struct {
				Name    string `json:"name"`
				Version string `json:"version"`
			} `json:"scope"`
			LogRecords []logRecord `json:"logRecords"`
		} `json:"scopeLogs"`
	} `json:"resourceLogs"`
}

type logRecord struct {
	TimeUnixNano           *string    `json:"timeUnixNano"`
	ObservedTimeUnixNano   string     `json:"observedTimeUnixNano"`
	SeverityNumber         int        `json:"severityNumber"`
	SeverityText           *string    `json:"severityText"`
	Body                   *anyValue  `json:"body"`
	Attributes             []keyValue `json:"attributes"`
	DroppedAttributesCount int        `json:"droppedAttributesCount"`
	Flags                  int        `json:"flags"`
	TraceID                string     `json:"traceId"`
	SpanID                 string     `json:"spanId"`
}

type keyValue struct {
	Key   string   `json:"key"`
	Value anyValue `json:"value"`
}

type anyValue struct {
	StringValue *string  `json:"stringValue"`
	BoolValue   *bool    `json:"boolValue"`
	IntValue    *string  `json:"intValue"`
	DoubleValue any      `json:"doubleValue"`
	BytesValue  []byte   `json:"bytesValue"`
	ArrayValue  *values  `json:"arrayValue"`
	KvlistValue *keyVals `json:"kvlistValue"`
}

type values struct {
	Values []anyValue `json:"values"`
}

type keyVals struct {
	Values []keyValue `json:"values"`
}

func (v anyValue) plain() any {
	switch {
	case v.StringValue != nil:
		return *v.StringValue
	case v.BoolValue != nil:
		return *v.BoolValue
	case v.IntValue != nil:
		return *v.IntValue
	case v.ArrayValue != nil:
		list := []any{}
		for _, element := range v.ArrayValue.Values {
			list = append(list, element.plain())
		}
		return list
	case v.KvlistValue != nil:
		m := map[string]any{}
		for _, kv := range v.KvlistValue.Values {
			m[kv.Key] = kv.Value.plain()
		}
		return m
	case v.BytesValue != nil:
		return v.BytesValue
	}
	return v.DoubleValue
}

func decodeOTLP(t testing.TB, text string) (line otlpLine) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&line), "%s", text)
	require.Len(t, line.ResourceLogs, 1)
	require.Len(t, line.ResourceLogs[0].ScopeLogs, 1)
	return line
}

func (l otlpLine) records() []logRecord { return l.ResourceLogs[0].ScopeLogs[0].LogRecords }

// readOTLP returns the records of a line with the keys of slog.JSONHandler.
func readOTLP(t testing.TB, text string) (records []map[string]any) {
	for _, r := range decodeOTLP(t, text).records() {
		m := map[string]any{}
		for _, kv := range r.Attributes {
			m[kv.Key] = kv.Value.plain()
		}
		if r.TimeUnixNano != nil {
			m[slog.TimeKey] = *r.TimeUnixNano
		}
		if r.SeverityText != nil {
			m[slog.LevelKey] = *r.SeverityText
		}
		if r.Body != nil {
			m[slog.MessageKey] = r.Body.plain()
		}
		if r.TraceID != "" {
			m["trace_id"], m["span_id"] = r.TraceID, r.SpanID
		}
		records = append(records, m)
	}
	return records
}

// withContext is a handler whose records all have the same context.
type withContext struct {
	slog.Handler
	ctx context.Context
}

func (h withContext) Handle(_ context.Context, r slog.Record) error {
	return h.Handler.Handle(h.ctx, r)
}

func (h withContext) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withContext{h.Handler.WithAttrs(attrs), h.ctx}
}

func (h withContext) WithGroup(name string) slog.Handler {
	return withContext{h.Handler.WithGroup(name), h.ctx}
}

// fixedIDs counts, so that whole lines can be compared.
type fixedIDs struct{ trace, span byte }

func (f *fixedIDs) NewTraceID() trace.TraceID { f.trace++; return trace.TraceID{0: 0xaa, 15: f.trace} }
func (f *fixedIDs) NewSpanID() trace.SpanID   { f.span++; return trace.SpanID{0: 0xbb, 7: f.span} }

type discard struct{}

func (discard) Export(context.Context, *trace.Batch) error { return nil }

func newProvider() *trace.TracerProvider {
	return trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: discard{}, IDs: new(fixedIDs)})
}

func spanContext() (context.Context, *trace.Span) {
	return newProvider().Start(context.Background(), "GET /", trace.StartConfig{})
}

var _ slog.Handler = (*slogspan.Handler)(nil)

// holding returns a Handler whose records wait for the end of their trace.
func holding(w io.Writer, config slogspan.Config) *slogspan.Handler {
	h := slogspan.NewHandler(w, config)
	h.AfterResponse()
	return h
}
