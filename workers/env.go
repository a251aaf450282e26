package workers

import (
	"strconv"
	"strings"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// FromEnv returns a trace.Config out of the Worker's variables and secrets; out of the process's environment natively. It is
// complete, and may be changed before it makes a provider. Names and values are those of
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, but for the first:
//
//   - OTLP_COLLECTOR_URL: the collector's URL; where it has no path, it gets /v1/traces. Or OTEL_EXPORTER_OTLP_ENDPOINT, which
//     gets /v1/traces in any case.
//   - OTEL_EXPORTER_OTLP_HEADERS: name=value,name=value; values percent-encoded. Make it a secret.
//   - OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds for one trace with all tries; 10000.
//   - OTEL_EXPORTER_OTLP_COMPRESSION: gzip, or none.
//   - OTEL_TRACES_EXPORTER: otlp, console, both with a comma, or none. Where it is not set: otlp if there is a URL, else console.
//   - OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: always_on, always_off, traceidratio, and parentbased_ before each.
//   - OTEL_SERVICE_NAME, and OTEL_RESOURCE_ATTRIBUTES as name=value,name=value.
//   - OTEL_SDK_DISABLED: true records nothing.
//   - CF_VERSION_METADATA: a version metadata binding, for faas.version and service.version.
//
// Words may be in capitals. What cannot be read is left at its default and told by console.error: an exporter that is not known counts
// as none named, and so does otlp without a URL. Told is also what fails later: to have it told elsewhere, set OnError, and make the
// Exporter of an ExporterConfig of your own.
func FromEnv() trace.Config {
	config, err := fromEnv(variable, versionMetadata)
	report(err)
	return config
}

// fromEnv is FromEnv, with an error that names all variables that can't be read.
func fromEnv(get func(name string) string, version func() Version) (trace.Config, error) {
	config := trace.Config{OnError: report}
	if strings.EqualFold(get("OTEL_SDK_DISABLED"), "true") {
		return config, nil
	}
	env := environment{get: get}
	env.resource(&config)
	config.Sampler = env.sampler()
	e := ExporterConfig{Version: version()}
	env.otlp(&e)
	env.exporters(&e)
	if e.URL != "" || e.Console {
		config.Exporter = NewExporter(e)
	}
	return config, env.err()
}

// environment reads variables, and keeps the names of those that can't be read.
type environment struct {
	get   func(name string) string
	wrong []string
}

func (env *environment) bad(name string) { env.wrong = append(env.wrong, name) }

func (env *environment) err() error {
	if env.wrong == nil {
		return nil
	}
	return envError(strings.Join(env.wrong, ", "))
}

// pairs calls add with each "name=value" of a variable.
func (env *environment) pairs(name string, add func(name, value string)) {
	if !pairs(env.get(name), add) {
		env.bad(name)
	}
}

func (env *environment) resource(config *trace.Config) {
	config.ServiceName = env.get("OTEL_SERVICE_NAME")
	env.pairs("OTEL_RESOURCE_ATTRIBUTES", func(name, value string) {
		if name != "service.name" || config.ServiceName == "" {
			config.Resource = append(config.Resource, trace.String(name, value))
		}
	})
}

func (env *environment) sampler() trace.Sampler {
	sampler, ok := samplerOf(env.get("OTEL_TRACES_SAMPLER"), env.get("OTEL_TRACES_SAMPLER_ARG"))
	if !ok {
		env.bad("OTEL_TRACES_SAMPLER")
	}
	return sampler
}

// otlp reads how to send to a collector, should there be an exporter that does.
func (env *environment) otlp(e *ExporterConfig) {
	e.URL = env.get("OTLP_COLLECTOR_URL")
	if endpoint := env.get("OTEL_EXPORTER_OTLP_ENDPOINT"); e.URL == "" && endpoint != "" {
		e.URL = strings.TrimSuffix(endpoint, "/") + "/v1/traces"
	}
	env.pairs("OTEL_EXPORTER_OTLP_HEADERS", func(name, value string) {
		if e.Headers == nil {
			e.Headers = map[string]string{}
		}
		e.Headers[name] = value
	})
	if text := env.get("OTEL_EXPORTER_OTLP_TIMEOUT"); text != "" {
		ms, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			env.bad("OTEL_EXPORTER_OTLP_TIMEOUT")
			ms = 0
		}
		e.Timeout = time.Duration(ms) * time.Millisecond
	}
	switch strings.ToLower(env.get("OTEL_EXPORTER_OTLP_COMPRESSION")) {
	case "gzip":
		e.Gzip = true
	case "", "none":
	default:
		env.bad("OTEL_EXPORTER_OTLP_COMPRESSION")
	}
}

// exporters chooses among the collector and the console.
func (env *environment) exporters(e *ExporterConfig) {
	otlp, none := false, false
	for name := range strings.SplitSeq(env.get("OTEL_TRACES_EXPORTER"), ",") {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "otlp":
			if otlp = e.URL != ""; !otlp {
				env.bad("OTLP_COLLECTOR_URL")
			}
		case "console":
			e.Console = true
		case "none":
			none = true
		case "":
		default:
			env.bad("OTEL_TRACES_EXPORTER")
		}
	}
	switch {
	case otlp:
	case e.Console || none:
		e.URL = ""
	default: // no word that is understood
		e.Console = e.URL == ""
	}
}

// samplerOf returns the Sampler of a name. Where parentbased_ makes a difference is Config.TrustParent's to say.
func samplerOf(name, arg string) (sampler trace.Sampler, ok bool) {
	name, parent := strings.CutPrefix(strings.ToLower(name), "parentbased_")
	ok = true
	switch name {
	case "":
		return nil, !parent
	case "always_on":
		sampler = trace.Always()
	case "always_off":
		sampler = trace.Never()
	case "traceidratio":
		ratio := 1.0
		if arg != "" {
			var err error
			if ratio, err = strconv.ParseFloat(arg, 64); err != nil || !(0 <= ratio && ratio <= 1) {
				ratio, ok = 1, false
			}
		}
		sampler = trace.Ratio(ratio)
	default:
		return nil, false
	}
	if parent {
		sampler = trace.ParentBased(sampler)
	}
	return sampler, ok
}

// envError names variables, and not their values, which may be secrets.
type envError string

func (e envError) Error() string {
	return "workers: missing, or with a value that is not understood: " + string(e) + "; see workers.FromEnv"
}
