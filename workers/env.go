package workers

import (
	"strings"

	"github.com/edgespan/edgespan/internal/otelenv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// FromEnv returns a [trace.Config] that it reads from the Worker's variables and secrets, or from the process's environment
// outside of Workers. The Config is complete; you may change it before you make a provider. Except for OTLP_COLLECTOR_URL and
// CF_VERSION_METADATA, the names and values are those of
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/:
//
//   - OTLP_COLLECTOR_URL: the collector's URL. If it has no path, /v1/traces is added. Alternatives are
//     OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, which works the same way, and OTEL_EXPORTER_OTLP_ENDPOINT, to which /v1/traces is
//     always added.
//   - OTEL_EXPORTER_OTLP_HEADERS: headers as name=value,name=value, percent-encoded. Make it a secret.
//   - OTEL_EXPORTER_OTLP_TIMEOUT: the time to send one trace, including all retries, in milliseconds. The default is 10000.
//   - OTEL_EXPORTER_OTLP_COMPRESSION: gzip or none.
//   - OTEL_EXPORTER_OTLP_PROTOCOL: http/json, the only one supported.
//   - OTEL_TRACES_EXPORTER: otlp, console, none, or otlp,console. The default is otlp if there is a URL, and console otherwise.
//   - OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: always_on, always_off or traceidratio, each also with the prefix
//     parentbased_.
//   - OTEL_SERVICE_NAME, and OTEL_RESOURCE_ATTRIBUTES as name=value,name=value.
//   - OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and the other limits that fromenv.Config reads.
//   - OTEL_SDK_DISABLED: if it is true, nothing is recorded.
//   - CF_VERSION_METADATA: a version metadata binding, which sets faas.version and service.version.
//
// HEADERS, TIMEOUT, COMPRESSION and PROTOCOL may also be set as OTEL_EXPORTER_OTLP_TRACES_…, which takes precedence.
//
// Values such as gzip and true may be in upper case. A value that FromEnv cannot read counts as not set, and console.error gets
// a line about it. An unknown exporter in OTEL_TRACES_EXPORTER is ignored, as is otlp if there is no URL. Later failures go to
// console.error too. To handle them yourself, set OnError, and set Exporter to one made with an [ExporterConfig] of your own.
func FromEnv() trace.Config {
	config, err := fromEnv(variable, versionMetadata)
	report(err)
	return config
}

// fromEnv is FromEnv, but returns an error that names all variables that could not be read.
func fromEnv(get func(name string) string, version func() Version) (trace.Config, error) {
	r := otelenv.Reader{Get: get}
	config := r.Trace()
	config.OnError = report
	if !r.True("OTEL_SDK_DISABLED") {
		e := exporterOf(&r)
		if e.Version = version(); e.URL != "" || e.Console {
			config.Exporter = NewExporter(e)
		}
	}
	return config, r.Err("workers.FromEnv")
}

// exporterOf returns where to send spans. If OTEL_TRACES_EXPORTER has no known name, the default applies.
func exporterOf(r *otelenv.Reader) ExporterConfig {
	said := r.Exporter()
	e := ExporterConfig{URL: said.URL, Headers: said.Headers, Timeout: said.Timeout, Gzip: said.Gzip != ""}
	if _, url := r.First("OTLP_COLLECTOR_URL"); url != "" {
		e.URL = url
	}
	otlp, none := false, false
	for name := range strings.SplitSeq(r.Get("OTEL_TRACES_EXPORTER"), ",") {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "otlp":
			if otlp = e.URL != ""; !otlp {
				r.Bad("OTLP_COLLECTOR_URL")
			}
		case "console":
			e.Console = true
		case "none":
			none = true
		case "":
		default:
			r.Bad("OTEL_TRACES_EXPORTER")
		}
	}
	switch {
	case otlp:
	case e.Console || none:
		e.URL = ""
	default:
		e.Console = e.URL == ""
	}
	return e
}
