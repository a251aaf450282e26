package fastlylogsreceiver

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Each line has its own resource and scope, which are mostly the same in all lines of a body. The mergers keep one copy of
// each.

type tracesMerger struct {
	ptrace.Traces
	resources map[string]ptrace.ResourceSpans
	scopes    map[string]ptrace.ScopeSpans
	key       []byte
}

func newTracesMerger() tracesMerger {
	return tracesMerger{Traces: ptrace.NewTraces(), resources: map[string]ptrace.ResourceSpans{}, scopes: map[string]ptrace.ScopeSpans{}}
}

// add moves the spans of traces into the merger.
func (m *tracesMerger) add(traces ptrace.Traces) {
	for _, from := range traces.ResourceSpans().All() {
		m.key = appendResource(m.key[:0], from.Resource(), from.SchemaUrl())
		to, ok := m.resources[string(m.key)]
		if !ok {
			to = m.ResourceSpans().AppendEmpty()
			from.Resource().MoveTo(to.Resource())
			to.SetSchemaUrl(from.SchemaUrl())
			m.resources[string(m.key)] = to
		}
		resource := len(m.key)
		for _, scope := range from.ScopeSpans().All() {
			m.key = appendScope(m.key[:resource], scope.Scope(), scope.SchemaUrl())
			spans, ok := m.scopes[string(m.key)]
			if !ok {
				spans = to.ScopeSpans().AppendEmpty()
				scope.Scope().MoveTo(spans.Scope())
				spans.SetSchemaUrl(scope.SchemaUrl())
				m.scopes[string(m.key)] = spans
			}
			scope.Spans().MoveAndAppendTo(spans.Spans())
		}
	}
}

type logsMerger struct {
	plog.Logs
	resources map[string]plog.ResourceLogs
	scopes    map[string]plog.ScopeLogs
	key       []byte
}

func newLogsMerger() logsMerger {
	return logsMerger{Logs: plog.NewLogs(), resources: map[string]plog.ResourceLogs{}, scopes: map[string]plog.ScopeLogs{}}
}

// add moves the records of logs into the merger.
func (m *logsMerger) add(logs plog.Logs) {
	for _, from := range logs.ResourceLogs().All() {
		m.key = appendResource(m.key[:0], from.Resource(), from.SchemaUrl())
		to, ok := m.resources[string(m.key)]
		if !ok {
			to = m.ResourceLogs().AppendEmpty()
			from.Resource().MoveTo(to.Resource())
			to.SetSchemaUrl(from.SchemaUrl())
			m.resources[string(m.key)] = to
		}
		resource := len(m.key)
		for _, scope := range from.ScopeLogs().All() {
			m.key = appendScope(m.key[:resource], scope.Scope(), scope.SchemaUrl())
			records, ok := m.scopes[string(m.key)]
			if !ok {
				records = to.ScopeLogs().AppendEmpty()
				scope.Scope().MoveTo(records.Scope())
				records.SetSchemaUrl(scope.SchemaUrl())
				m.scopes[string(m.key)] = records
			}
			scope.LogRecords().MoveAndAppendTo(records.LogRecords())
		}
	}
}

// The functions below build a key that is different for any two resources or scopes that differ: each string is preceded by its
// length and each value by its type. The same attributes in a different order make a different key. Then they are not merged,
// which does no harm; a service always writes them in the same order.

func appendResource(key []byte, r pcommon.Resource, schemaURL string) []byte {
	key = appendString(key, schemaURL)
	key = binary.AppendUvarint(key, uint64(r.DroppedAttributesCount()))
	return appendMap(key, r.Attributes())
}

func appendScope(key []byte, s pcommon.InstrumentationScope, schemaURL string) []byte {
	key = appendString(key, schemaURL)
	key = appendString(key, s.Name())
	key = appendString(key, s.Version())
	key = binary.AppendUvarint(key, uint64(s.DroppedAttributesCount()))
	return appendMap(key, s.Attributes())
}

func appendMap(key []byte, m pcommon.Map) []byte {
	key = binary.AppendUvarint(key, uint64(m.Len()))
	for k, v := range m.All() {
		key = appendValue(appendString(key, k), v)
	}
	return key
}

func appendValue(key []byte, v pcommon.Value) []byte {
	key = append(key, byte(v.Type()))
	switch v.Type() {
	case pcommon.ValueTypeMap:
		return appendMap(key, v.Map())
	case pcommon.ValueTypeSlice:
		key = binary.AppendUvarint(key, uint64(v.Slice().Len()))
		for _, e := range v.Slice().All() {
			key = appendValue(key, e)
		}
		return key
	default:
		return appendString(key, v.AsString())
	}
}

func appendString(key []byte, s string) []byte {
	return append(binary.AppendUvarint(key, uint64(len(s))), s...)
}
