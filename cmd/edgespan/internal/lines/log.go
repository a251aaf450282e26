package lines

import (
	"encoding/hex"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Log is a log record that names its trace.
type Log struct {
	TraceID    trace.TraceID
	SpanID     trace.SpanID // zero if only the trace is known
	Time       int64        // Unix nanoseconds, 0 if unknown
	Severity   string       // as the writer spells it, but in upper case
	Body       string
	Attributes []trace.Attribute
	Service    string
}

// readLogs reads the OTLP/JSON of log records, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. Records without a
// trace are counted but left out, since there is nowhere to show them.
func readLogs(text []byte) (Object, error) {
	v, err := fastjson.ParseBytes(text)
	if err != nil {
		return Object{}, errors.New("log records: " + err.Error())
	}
	r := Object{Format: OTLPLogs}
	for _, rl := range v.GetArray("resourceLogs") {
		service := serviceName(rl.GetArray("resource", "attributes"))
		for _, sl := range rl.GetArray("scopeLogs") {
			for _, lr := range sl.GetArray("logRecords") {
				r.Items++
				log := Log{
					Time:       unixNano(lr.Get("timeUnixNano")),
					Severity:   strings.ToUpper(text1(lr, "severityText")),
					Body:       anyText(lr.Get("body")),
					Attributes: anyAttributes(lr.GetArray("attributes")),
					Service:    service,
				}
				if log.Time == 0 {
					log.Time = unixNano(lr.Get("observedTimeUnixNano"))
				}
				if log.Severity == "" {
					log.Severity = severityName(lr.GetInt("severityNumber"))
				}
				if readIDs(&log, text1(lr, "traceId"), text1(lr, "spanId")) {
					r.Logs = append(r.Logs, log)
				}
			}
		}
	}
	return r, nil
}

// readAppLog reads the line of a structured logger such as log/slog: a flat object with a message, and with the keys trace_id and
// span_id of https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/. If it has no known key of a message,
// the line itself is the message. A compact span differs by its time.
func readAppLog(text []byte) (Log, bool) {
	v, err := fastjson.ParseBytes(text)
	if err != nil || v.Exists("start_time_ms") || v.Exists("duration_ms") || v.Exists("data", "trace.trace_id") {
		return Log{}, false
	}
	var log Log
	if !readIDs(&log, text1(v, "trace_id"), text1(v, "span_id")) {
		return Log{}, false
	}
	message := ""
	o, _ := v.Object()
	o.Visit(func(k []byte, v *fastjson.Value) {
		switch key := string(k); key {
		case "trace_id", "span_id", "trace_flags":
		case "msg", "message", "body":
			if message == "" {
				message, log.Body = key, plain(v)
			}
		case "level", "severity", "severity_text":
			log.Severity = strings.ToUpper(plain(v))
		case "time", "timestamp", "ts":
			if t, err := time.Parse(time.RFC3339Nano, plain(v)); err == nil {
				log.Time = t.UnixNano()
			}
		default:
			log.Attributes = append(log.Attributes, attributeOf(key, v))
		}
	})
	if message == "" {
		log.Body, log.Attributes = string(text), nil
	}
	return log, true
}

// attributeOf keeps the type of a scalar. A number beyond 64 bits, such as 1e999, becomes a string, because it could not be written
// as JSON again.
func attributeOf(key string, v *fastjson.Value) trace.Attribute {
	switch v.Type() {
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return trace.Bool(key, v.Type() == fastjson.TypeTrue)
	case fastjson.TypeNumber:
		if n, err := v.Int64(); err == nil {
			return trace.Int64(key, n)
		}
		if f, err := v.Float64(); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return trace.Float64(key, f)
		}
	}
	return trace.String(key, plain(v))
}

func readIDs(log *Log, traceID, spanID string) bool {
	if b, err := hex.DecodeString(traceID); err == nil && (len(b) == 16 || len(b) == 8) {
		copy(log.TraceID[len(log.TraceID)-len(b):], b) // an id of 64 bits is the lower half
	}
	if b, err := hex.DecodeString(spanID); err == nil && len(b) == len(log.SpanID) {
		copy(log.SpanID[:], b)
	}
	return log.TraceID.IsValid()
}

func serviceName(attrs []*fastjson.Value) string {
	for _, a := range attrs {
		if text1(a, "key") == "service.name" {
			return anyText(a.Get("value"))
		}
	}
	return ""
}

func anyAttributes(list []*fastjson.Value) []trace.Attribute {
	var attrs []trace.Attribute
	for _, a := range list {
		key, v := text1(a, "key"), a.Get("value")
		if x := scalarOf(v); x != nil {
			attrs = append(attrs, attributeOf(key, x))
		} else {
			attrs = append(attrs, trace.String(key, anyText(v)))
		}
	}
	return attrs
}

// anyText returns an AnyValue as text for people: a list as JSON, and "" for an empty value.
func anyText(v *fastjson.Value) string {
	if x := scalarOf(v); x != nil {
		return plain(x)
	}
	if v.Exists("arrayValue") || v.Exists("kvlistValue") {
		return string(appendAny(nil, v))
	}
	return ""
}

// scalarOf returns the scalar in an AnyValue, or nil.
func scalarOf(v *fastjson.Value) *fastjson.Value {
	for _, field := range []string{"stringValue", "boolValue", "doubleValue", "bytesValue"} {
		if x := v.Get(field); x != nil {
			return x
		}
	}
	x := v.Get("intValue")
	if x != nil {
		if n, err := strconv.ParseInt(plain(x), 10, 64); err == nil {
			return new(fastjson.Arena).NewNumberString(strconv.FormatInt(n, 10))
		}
	}
	return x
}

// appendAny appends an AnyValue as JSON. The parser has bounded its depth.
func appendAny(dst []byte, v *fastjson.Value) []byte {
	if x := scalarOf(v); x != nil {
		return x.MarshalTo(dst)
	}
	if x := v.Get("arrayValue"); x != nil {
		dst = append(dst, '[')
		for i, element := range x.GetArray("values") {
			dst = appendAny(comma(dst, i), element)
		}
		return append(dst, ']')
	}
	if x := v.Get("kvlistValue"); x != nil {
		dst = append(dst, '{')
		for i, member := range x.GetArray("values") {
			dst = new(fastjson.Arena).NewString(text1(member, "key")).MarshalTo(comma(dst, i))
			dst = appendAny(append(dst, ':'), member.Get("value"))
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// comma appends the separator before the i-th element of a list.
func comma(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return dst
}

// plain returns the text of a string, or the JSON of any other value.
func plain(v *fastjson.Value) string {
	if v.Type() == fastjson.TypeString {
		return string(v.GetStringBytes())
	}
	return string(v.MarshalTo(nil))
}

func text1(v *fastjson.Value, key string) string { return string(v.GetStringBytes(key)) }

func unixNano(v *fastjson.Value) int64 {
	if v == nil {
		return 0
	}
	n, err := strconv.ParseInt(plain(v), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// severityName returns the name of a severity number's range:
// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
func severityName(n int) string {
	names := [...]string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
	if n < 1 || n > 4*len(names) {
		return ""
	}
	return names[(n-1)/4]
}
