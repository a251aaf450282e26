package otlphttp

import "github.com/edgespan/edgespan/internal/otelenv"

// FromEnv returns a [Config], but for its Transport, by the variables of https://opentelemetry.io/docs/specs/otel/protocol/exporter/:
//
//   - OTEL_EXPORTER_OTLP_ENDPOINT: a URL to whose path /v1/traces is added; http://localhost:4318 by default.
//   - OTEL_EXPORTER_OTLP_HEADERS: name=value,name=value, percent-encoded.
//   - OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds; 10000.
//   - OTEL_EXPORTER_OTLP_COMPRESSION: gzip, for which compress is taken (gzip.Compress of otlphttp/gzip; where it is nil, gzip is not understood), or none.
//   - OTEL_EXPORTER_OTLP_PROTOCOL: http/json is what there is.
//
// Each of them with TRACES_ behind OTLP_ comes first. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is the URL as it is; but one without a path gets
// /v1/traces, where the specification would have it sent to a receiver's root, which takes no traces.
//
// The error names the variables that are not understood, and not their values; what they would have set is left at its default.
func FromEnv(get func(name string) string, compress func(body []byte) ([]byte, error)) (Config, error) {
	r := otelenv.Reader{Get: get}
	e := r.Exporter()
	config := Config{URL: e.URL, Headers: e.Headers, Timeout: e.Timeout}
	if config.URL == "" {
		config.URL = "http://localhost:4318"
	}
	if e.Gzip != "" {
		if config.Gzip = compress; compress == nil {
			r.Bad(e.Gzip)
		}
	}
	return config, r.Err("otlphttp.FromEnv")
}
