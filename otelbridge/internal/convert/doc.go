// Package convert turns OpenTelemetry's values into Edgespan's and back. It needs the OpenTelemetry API alone.
package convert
