package ship

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/trace"
)

type object = map[string]any

const serviceName = "service.name"

// encodeLog encodes a record of a structured logger as an ExportLogsServiceRequest:
// https://opentelemetry.io/docs/specs/otel/logs/data-model/.
func encodeLog(l *lines.Log) []byte {
	record := object{"body": object{"stringValue": l.Body}, "traceId": l.TraceID.String()}
	if l.SpanID.IsValid() {
		record["spanId"] = l.SpanID.String()
	}
	if l.Time != 0 {
		record["timeUnixNano"] = strconv.FormatInt(l.Time, 10)
	}
	if l.Severity != "" {
		record["severityText"] = l.Severity
	}
	if n := severityNumber(l.Severity); n != 0 {
		record["severityNumber"] = n
	}
	resource := object{}
	var attrs []object
	for _, a := range l.Attributes {
		o := object{"key": a.Key, "value": anyValue(a.Value)}
		if a.Key == serviceName {
			resource["attributes"] = []object{o}
		} else {
			attrs = append(attrs, o)
		}
	}
	if attrs != nil {
		record["attributes"] = attrs
	}
	text, err := json.Marshal(object{"resourceLogs": []object{{
		"resource": resource, "scopeLogs": []object{{"logRecords": []object{record}}},
	}}})
	if err != nil {
		panic(err) // everything in it can be encoded as JSON
	}
	return text
}

func anyValue(v trace.Value) object {
	switch v.Kind() {
	case trace.KindBool:
		return object{"boolValue": v.Bool()}
	case trace.KindInt64:
		return object{"intValue": strconv.FormatInt(v.Int64(), 10)}
	case trace.KindFloat64:
		return object{"doubleValue": v.Float64()}
	}
	return object{"stringValue": v.Str()}
}

// severityNumber returns the lowest number of the range that a severity's name stands for, or 0.
func severityNumber(name string) int {
	for _, s := range []struct {
		name   string
		number int
	}{{"TRACE", 1}, {"DEBUG", 5}, {"INFO", 9}, {"NOTICE", 10}, {"WARN", 13}, {"ERR", 17}, {"CRIT", 21}, {"FATAL", 21}} {
		if strings.HasPrefix(name, s.name) {
			return s.number
		}
	}
	return 0
}
