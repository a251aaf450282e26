// Package collector tests otlphttp and sdk/batch in a native program, and `edgespan ship`, with the OpenTelemetry Collector.
// Where a Collector has to be slow or to refuse data, the tests run its receiver in their own process. The package is a module
// of its own, and is not in go.work, because the Collector has many dependencies.
package collector
