package workers

import (
	"strings"

	"github.com/edgespan/edgespan/internal/otelenv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// FromEnv returns a [trace.Config] out of the Worker's variables and secrets; out of the process's environment natively. It is
// complete, and may be changed before it makes a provider. Names and values are those of
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, but for the first:
//
//   - OTLP_COLLECTOR_URL: the collector's URL; where it has no path, it gets /v1/traces. Or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, likewise, or
//     OTEL_EXPORTER_OTLP_ENDPOINT, which gets /v1/traces in any case.
//   - OTEL_EXPORTER_OTLP_HEADERS: name=value,name=value, percent-encoded. Make it a secret.
//   - OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds for one trace with all tries; 10000.
//   - OTEL_EXPORTER_OTLP_COMPRESSION: gzip, or none. OTEL_EXPORTER_OTLP_PROTOCOL: http/json. These four with TRACES_ behind OTLP_ as well, which comes first.
//   - OTEL_TRACES_EXPORTER: otlp, console, both with a comma, or none. Where it is not set: otlp if there is a URL, else console.
//   - OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: always_on, always_off, traceidratio, and parentbased_ before each.
//   - OTEL_SERVICE_NAME, and OTEL_RESOURCE_ATTRIBUTES as name=value,name=value.
//   - OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and the other limits that fromenv.Config reads.
//   - OTEL_SDK_DISABLED: true records nothing.
//   - CF_VERSION_METADATA: a version metadata binding, for faas.version and service.version.
//
// Words may be in capitals. What cannot be read is left at its default and told by console.error: an exporter that is not known counts
// as none named, and so does otlp without a URL. Told is also what fails later: to have it told elsewhere, set OnError, and make the
// Exporter of an [ExporterConfig] of your own.
func FromEnv() trace.Config {
	config, err := fromEnv(variable, versionMetadata)
	report(err)
	return config
}

// fromEnv is FromEnv, with an error that names all variables that can't be read.
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

// exporterOf says where spans go. Where no name is understood, it is as if there were none.
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
