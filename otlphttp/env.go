package otlphttp

import "github.com/edgespan/edgespan/internal/otelenv"

// FromEnv returns a [Config] without a Transport from the environment variables of
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/:
//
//   - OTEL_EXPORTER_OTLP_ENDPOINT is a URL, to whose path /v1/traces is added. The default is http://localhost:4318.
//   - OTEL_EXPORTER_OTLP_HEADERS is a list of name=value,name=value, percent-encoded.
//   - OTEL_EXPORTER_OTLP_TIMEOUT is a number of milliseconds. The default is 10000.
//   - OTEL_EXPORTER_OTLP_COMPRESSION is gzip or none. For gzip, FromEnv uses compress, which is usually gzip.Compress of
//     otlphttp/gzip. If compress is nil, gzip is not understood.
//   - OTEL_EXPORTER_OTLP_PROTOCOL can only be http/json.
//
// A variable with TRACES_ after OTLP_ takes precedence. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used unchanged, with one
// exception: a URL without a path gets /v1/traces. The specification would send to the root of the receiver, which accepts no
// traces.
//
// The error names the variables that are not understood, without their values. Their settings keep the default.
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
