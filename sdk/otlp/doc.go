// Package otlp encodes spans as lines of OTLP/JSON, and decodes such lines.
//
//	var e otlp.Encoder
//	line := e.Append(nil, &trace.Batch{Resource: resource, Spans: spans})
//	batches, err := otlp.Decode(line)
//
// A line is one ExportTraceServiceRequest of https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, complete by
// itself: resource, scope and spans. Keys are lowerCamelCase, ids lowercase hex, 64-bit integers decimal strings, and enums
// numbers. Empty fields are left out.
//
// With GOOS=js there is no Decode, because it would add 63 kB to every page, used or not. The build tag edgespan_decode adds
// it.
package otlp
