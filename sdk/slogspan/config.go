package slogspan

import (
	"log/slog"

	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultLineLimit is the longest line in bytes, if [Config] names no other: that of package logendpoint, for the same reason.
const DefaultLineLimit = 16_000

// Format says what a line looks like.
type Format uint8

const (
	// OTLP writes a request's records as one ExportLogsServiceRequest. A group is a kvlistValue, a duration and a time are
	// nanoseconds, and a struct is the text that fmt's %+v gives, as in OpenTelemetry's own bridge, otelslog.
	OTLP Format = iota
	// JSON writes each record as a line of its own, as log stores want it: the keys and values of slog.JSONHandler, with
	// trace_id, span_id, trace_flags and service.name. They leave together when the request ends. A value with a String
	// method, and none for JSON or text, is that string. An attribute that has one of those four keys, and is in no group, gets
	// "attr." before it: it can not pass for the span's.
	JSON
	// JSONArray writes a request's records as one line: a JSON array of what JSON writes.
	JSONArray
)

// Config configures a [Handler]. The zero value writes records from [slog.LevelInfo] up, as OTLP.
type Config struct {
	// Provider is whose resource the lines name, so that logs and spans of a service are found together. Without one the
	// service is called as one of a trace.Config without a ServiceName.
	Provider *trace.TracerProvider

	// Level is the lowest level that is written; slog.LevelInfo where it is nil. It is asked for every record, so that a
	// slog.LevelVar changes it on the way.
	Level slog.Leveler

	// Format is OTLP, JSON or JSONArray.
	Format Format

	// AddSource adds where the record was made: code.function.name, code.file.path and code.line.number in OTLP, the object
	// "source" in JSON.
	AddSource bool

	// ReplaceAttr is that of slog.HandlerOptions: it is called with each attribute that is no group, and may change it or,
	// by returning the zero Attr, remove it. With time, level and msg it decides, in OTLP, on the value of the record's
	// time, severityText and body. Where it panics the value is replaced by a note of that.
	ReplaceAttr func(groups []string, a slog.Attr) slog.Attr

	// LineLimit is the longest line in bytes; zero for DefaultLineLimit, negative for no limit.
	LineLimit int

	// MaxRecords is how many records wait at most; a line leaves when they do. Zero is no limit but the line's; 1 writes
	// each record at once.
	MaxRecords int

	// FlushLevel, where it is not nil, is the level from which a record is written at once, with those of its request that
	// wait. With slog.LevelError they are safe should the sandbox not live to the request's end.
	FlushLevel slog.Leveler

	// OnError is told what fails, each error once, from any goroutine. By default it is the provider's.
	OnError func(error)
}
