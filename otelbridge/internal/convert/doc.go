// Package convert converts values between OpenTelemetry and Edgespan. It requires only the OpenTelemetry API, not its SDK.
package convert
