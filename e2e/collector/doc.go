// Package collector tests otlphttp and sdk/batch in a native program before the OpenTelemetry Collector, and, like 'edgespan ship',
// before its own receiver in this process where that has to be slow or to refuse. It is a module of its own, and not in go.work,
// for the Collector's dependencies are many.
package collector
