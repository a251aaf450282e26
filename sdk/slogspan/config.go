package slogspan

import (
	"log/slog"

	"github.com/edgespan/edgespan/sdk/trace"
)

// DefaultLineLimit is the greatest length of a line in bytes if [Config] sets no other. It is the same as in package
// logendpoint, for the same reason.
const DefaultLineLimit = 16_000

// Format is the format of lines.
type Format uint8

const (
	// OTLP writes the records of a request as one ExportLogsServiceRequest of OTLP/JSON. A group is a kvlistValue. A duration
	// and a time are numbers of nanoseconds. A struct is the text of fmt's %+v, as in otelslog, OpenTelemetry's own bridge.
	OTLP Format = iota
	// JSON writes each record as a line of its own, for log stores. It has the keys and values of slog.JSONHandler, and
	// trace_id, span_id, trace_flags and service.name. The lines are written together when the request ends. A value with a
	// String method, and without one for JSON or text, is the string that the method returns. An attribute outside of groups
	// whose key is one of these four gets "attr." before its key, so that it is not taken for a field of the span.
	JSON
	// JSONArray writes the records of a request as one line: a JSON array of what JSON writes.
	JSONArray
)

// Config configures a [Handler]. With the zero value, it writes records from [slog.LevelInfo] up, as OTLP.
type Config struct {
	// Provider has the resource that the lines name, so that logs and spans of a service have the same resource. Without a
	// Provider, the service is called unknown_service, as with a trace.Config that has no ServiceName.
	Provider *trace.TracerProvider

	// Level is the lowest level that is written. If it is nil, that is slog.LevelInfo. It is read for every record, so a
	// slog.LevelVar can change it at run time.
	Level slog.Leveler

	// Format is OTLP, JSON or JSONArray.
	Format Format

	// AddSource adds the place in the source code that made the record: code.function.name, code.file.path and code.line.number
	// in OTLP, and the object "source" in JSON.
	AddSource bool

	// ReplaceAttr is the function of slog.HandlerOptions. It is called with each attribute that is not a group. It may change
	// the attribute, or remove it by returning the zero Attr. In OTLP, the attributes time, level and msg stand for the
	// record's time, severityText and body. If ReplaceAttr panics, a note replaces the value.
	ReplaceAttr func(groups []string, a slog.Attr) slog.Attr

	// LineLimit is the greatest length of a line in bytes. Zero means [DefaultLineLimit], and a negative number means no limit.
	LineLimit int

	// MaxRecords is how many records of a request wait at most. When there are so many, they are written as a line. Zero means
	// no limit other than LineLimit. 1 means that each record is written at once.
	MaxRecords int

	// FlushLevel, if not nil, is the level from which a record is written at once, together with the waiting records of its
	// request. With slog.LevelError, errors are not lost if the sandbox ends before the request does.
	FlushLevel slog.Leveler

	// OnError receives what fails. The same error is reported once. It may be called from any goroutine. By default it is the
	// provider's OnError.
	OnError func(error)
}
