package slogspan

import "log/slog"

// severity returns the severity number of OpenTelemetry's log data model for a level: DEBUG is 5, INFO is 9, WARN is 13 and
// ERROR is 17, with numbers for the levels in between,
// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber. slog has chosen the distance of four between
// its levels to match. Levels below 1 (TRACE) and above 24 (FATAL4) become these.
func severity(level slog.Level) int64 {
	const info = 9
	return int64(max(1-info, min(level, 24-info)) + info)
}
