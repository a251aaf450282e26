// Package lines finds telemetry in the lines of a log.
//
// A Reader splits an input into lines of any length; an indented document of telemetry counts as one line. Parse looks at one line
// and returns a Record: the spans or log records in it, or the kind of line that it is. The telemetry may be alone on its line or
// after a prefix, as local hosts ("otlp_logs :: {...}"), fastly log-tail ("stdout | 1b4f3c2a | {...}") and syslog write it.
//
// The content of a line is never an error of this package. A line that looks like telemetry and cannot be read is also a Record,
// with the reason.
package lines
