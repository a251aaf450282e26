package slogspan

import "log/slog"

// severity returns the number that the OpenTelemetry log data model gives a level: DEBUG 5, INFO 9, WARN 13, ERROR 17, and
// those between them, https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber. slog's levels lie four
// apart for its sake. What lies beyond 1, TRACE, and 24, FATAL4, becomes one of them, since there is no other.
func severity(level slog.Level) int64 {
	const info = 9
	return int64(max(1-info, min(level, 24-info)) + info)
}
