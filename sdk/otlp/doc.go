// Package otlp writes spans as OTLP/JSON lines, and reads such lines back.
//
// A line is one ExportTraceServiceRequest of https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, complete by
// itself: resource, scope and spans. Keys are lowerCamelCase, ids lowercase hex, 64-bit integers decimal strings, enums
// numbers, and empty fields are left out. [Encoder.Append] writes one, [Decode] reads one.
//
// With GOOS=js there is no Decode, which would be 63 kB of every page, used or not; the build tag edgespan_decode brings it.
package otlp
