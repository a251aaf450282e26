package slogspan

import (
	"log/slog"
	"math"
	"time"

	"github.com/edgespan/edgespan/sdk/internal/json"
)

// value writes a resolved value. In OTLP it writes the part within the braces of an AnyValue.
func (e *encoder) value(v slog.Value) {
	switch v.Kind() {
	case slog.KindString:
		e.string(v.String())
	case slog.KindInt64:
		e.integer(v.Int64())
	case slog.KindUint64:
		e.unsigned(v.Uint64())
	case slog.KindFloat64:
		e.float(v.Float64())
	case slog.KindBool:
		e.bool(v.Bool())
	case slog.KindDuration:
		e.integer(int64(v.Duration()))
	case slog.KindTime:
		e.time(v.Time())
	case slog.KindGroup:
		e.list(v.Group())
	case slog.KindLogValuer:
		e.nested(v.Resolve())
	default:
		e.any(v.Any())
	}
}

// nested writes a value within a value, and reports whether there is room for more.
func (e *encoder) nested(v slog.Value) bool {
	if note := e.refusal(); note != "" {
		e.string(note)
		return note != noRoom
	}
	e.depth++
	e.value(v)
	e.depth--
	return true
}

// list writes a group that is an element of a list.
func (e *encoder) list(attrs []slog.Attr) {
	if e.Format == OTLP {
		e.raw(`"kvlistValue":{"values":[`)
	} else {
		e.raw(`{`)
	}
	e.open++ // so that its keys count as keys in a group
	for _, a := range attrs {
		e.attr(a)
	}
	e.open--
	if e.Format == OTLP {
		e.end(`]}`)
	} else {
		e.end(`}`)
	}
}

func (e *encoder) null() {
	if e.Format != OTLP { // an empty AnyValue is null
		e.raw(`null`)
	}
}

func (e *encoder) string(s string) {
	if e.Format == OTLP {
		e.raw(`"stringValue":`)
	}
	e.text(`"`, s, `"`)
}

func (e *encoder) bool(b bool) {
	if e.Format == OTLP {
		e.raw(`"boolValue":`)
	}
	if b {
		e.raw(`true`)
	} else {
		e.raw(`false`)
	}
}

func (e *encoder) integer(v int64) {
	if e.Format == OTLP {
		e.int(`"intValue":"`, v, `"`)
	} else {
		e.int(``, v, ``)
	}
}

// unsigned writes an unsigned integer. One that exceeds an int64 becomes text in OTLP, which has no larger integers.
func (e *encoder) unsigned(v uint64) {
	if v <= math.MaxInt64 {
		e.integer(int64(v))
		return
	}
	if e.Format == OTLP {
		e.raw(`"stringValue":"`)
	}
	e.buf = json.AppendUint(e.buf, v)
	if e.Format == OTLP {
		e.raw(`"`)
	}
}

func (e *encoder) float(f float64) {
	if e.Format == OTLP {
		e.raw(`"doubleValue":`)
	}
	e.buf = json.AppendFloat(e.buf, f, false)
}

// time writes nanoseconds in OTLP, as OpenTelemetry's bridge does, and otherwise the text of RFC 3339.
func (e *encoder) time(t time.Time) {
	if e.Format == OTLP {
		if nanos, ok := unixNano(t); ok {
			e.integer(nanos)
			return
		}
		e.raw(`"stringValue":`)
	}
	e.raw(`"`)
	e.buf = t.AppendFormat(e.buf, time.RFC3339Nano)
	e.raw(`"`)
}
