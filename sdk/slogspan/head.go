package slogspan

import (
	"log/slog"
	"runtime"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// otlpHead writes the fields of a LogRecord other than attributes,
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto.
func (e *encoder) otlpHead(r *slog.Record, sc *trace.SpanContext) {
	at, level, message := r.Time, r.Level.String(), r.Message
	hasBody := true
	if e.ReplaceAttr != nil {
		if !at.IsZero() {
			at = time.Time{}
			if v := e.replace(slog.Time(slog.TimeKey, r.Time)).Value; v.Kind() == slog.KindTime {
				at = v.Time()
			}
		}
		level, _ = textOf(e.replace(slog.Any(slog.LevelKey, r.Level)))
		message, hasBody = textOf(e.replace(slog.String(slog.MessageKey, r.Message)))
	}
	e.raw(`{`)
	if nanos, ok := unixNano(at); ok {
		e.int(`"timeUnixNano":"`, nanos, `",`)
	}
	observed, ok := unixNano(r.Time)
	if !ok {
		observed = time.Now().UnixNano()
	}
	e.int(`"observedTimeUnixNano":"`, observed, `",`)
	e.int(`"severityNumber":`, severity(r.Level), `,`)
	if level != "" {
		e.text(`"severityText":"`, level, `",`)
	}
	if sc.IsValid() {
		e.hex(`"traceId":"`, sc.TraceID[:], `",`)
		e.hex(`"spanId":"`, sc.SpanID[:], `",`)
		if sc.TraceFlags != 0 {
			e.int(`"flags":`, int64(sc.TraceFlags), `,`)
		}
	}
	if hasBody {
		e.text(`"body":{"stringValue":"`, message, `"},`)
	}
}

// jsonHead writes the fields of slog.JSONHandler, and then those of the span. Their names are those of OpenTelemetry for other
// formats, https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/.
func (e *encoder) jsonHead(r *slog.Record, sc *trace.SpanContext) {
	e.raw(`{`)
	if !r.Time.IsZero() {
		e.builtIn(slog.Time(slog.TimeKey, r.Time))
	}
	if e.ReplaceAttr == nil { // the usual case, without making a Value
		e.text(`"level":"`, r.Level.String(), `",`)
	} else {
		e.attr(slog.Any(slog.LevelKey, r.Level))
	}
	e.builtIn(slog.String(slog.MessageKey, r.Message))
	if sc.IsValid() {
		e.hex(`"trace_id":"`, sc.TraceID[:], `",`)
		e.hex(`"span_id":"`, sc.SpanID[:], `",`)
		e.hex(`"trace_flags":"`, []byte{byte(sc.TraceFlags)}, `",`)
	}
	e.raw(e.service)
}

// isHead reports whether jsonHead writes a field with this key.
func isHead(key string) bool {
	switch key {
	case "trace_id", "span_id", "trace_flags", "service.name":
		return true
	}
	return false
}

// builtIn writes an attribute even if its value is empty.
func (e *encoder) builtIn(a slog.Attr) {
	if e.ReplaceAttr != nil {
		e.attr(a)
		return
	}
	e.key(a.Key)
	e.value(a.Value)
	e.endValue()
}

// source writes the place in the source code that made a record.
func (e *encoder) source(pc uintptr) {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	a := slog.Any(slog.SourceKey, &slog.Source{Function: frame.Function, File: frame.File, Line: frame.Line})
	if e.ReplaceAttr != nil {
		a = e.replace(a)
	}
	src, ok := a.Value.Any().(*slog.Source)
	switch {
	case !ok || src == nil:
		e.replaced(a)
	case e.Format == OTLP: // https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/
		e.replaced(slog.String("code.function.name", src.Function))
		e.replaced(slog.String("code.file.path", src.File))
		e.replaced(slog.Int("code.line.number", src.Line))
	default:
		e.replaced(a)
	}
}

// sourceGroup returns what slog.JSONHandler writes for a *slog.Source.
func sourceGroup(src *slog.Source) slog.Value {
	var attrs []slog.Attr
	if src.Function != "" {
		attrs = append(attrs, slog.String("function", src.Function))
	}
	if src.File != "" {
		attrs = append(attrs, slog.String("file", src.File))
	}
	if src.Line != 0 {
		attrs = append(attrs, slog.Int("line", src.Line))
	}
	return slog.GroupValue(attrs...)
}

// textOf returns the value of an attribute as text, and whether there is an attribute.
func textOf(a slog.Attr) (string, bool) {
	if isEmpty(a) {
		return "", false
	}
	return a.Value.String(), true
}

// unixNano returns t in Unix nanoseconds, and whether OTLP can express it: not before 1970, and within 64 bits.
func unixNano(t time.Time) (nanos int64, ok bool) {
	if s := t.Unix(); s < 0 || s >= 1<<63/1_000_000_000 {
		return 0, false
	}
	return t.UnixNano(), true
}
