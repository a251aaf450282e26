// Package lines finds telemetry in the lines of a log.
//
// A Reader cuts an input into lines, whatever their length; an indented document of telemetry is one. Parse looks at one line
// and returns a Record: the spans or log records that it holds, or word that it is none. The telemetry may stand alone on its
// line or after a prefix, as local hosts ("otlp_logs :: {...}"), fastly log-tail ("stdout | 1b4f3c2a | {...}") and syslog write it.
//
// Nothing here fails for what a line holds. A line that is meant to be telemetry and cannot be read is a Record too, with
// the reason.
package lines
