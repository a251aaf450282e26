// Package collector tests otlphttp, sdk/batch and 'edgespan ship' with the OpenTelemetry Collector's own receiver, in this process. It
// is a module of its own, and not in go.work, for the Collector's dependencies are many.
package collector
