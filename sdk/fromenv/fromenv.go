// Package fromenv configures a provider from OpenTelemetry's environment variables,
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. It is for programs that are started with
// such variables: native programs and programs under WASI.
//
//	exporter, err := otlphttp.FromEnv(os.Getenv, nil)
//	exporter.Transport = &nethttp.Transport{}
//	held, err := fromenv.Batch(os.Getenv)
//	held.Sink = otlphttp.New(exporter)
//	config, err := fromenv.Config(os.Getenv, batch.New(held))
//	tp := trace.NewTracerProvider(config)
//
// Each error names the variables that are not understood, without their values. Write it to a log and go on: the other result
// can be used and has the defaults for these variables.
//
// Package otlphttp reads the variables of the exporter, and workers.FromEnv reads all variables for a Worker. A Compute service
// has none.
package fromenv

import (
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/otelenv"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config returns the configuration of a provider with this exporter. get returns the value of a variable, as [os.Getenv] does.
// The other settings come from these variables:
//
//   - OTEL_SERVICE_NAME, and OTEL_RESOURCE_ATTRIBUTES as name=value,name=value, percent-encoded. If any part is not such a
//     pair, all are left out.
//   - OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: always_on, always_off, traceidratio, each also with parentbased_ before
//     it. A parent in another process decides only if StartConfig.TrustParent is set.
//   - OTEL_ATTRIBUTE_COUNT_LIMIT and OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, both also as OTEL_SPAN_…; OTEL_SPAN_EVENT_COUNT_LIMIT,
//     OTEL_SPAN_LINK_COUNT_LIMIT, OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, OTEL_LINK_ATTRIBUTE_COUNT_LIMIT. Each is 1 or more.
//   - OTEL_SDK_DISABLED=true and OTEL_TRACES_EXPORTER=none leave the exporter out, so that nothing is recorded.
//     OTEL_TRACES_EXPORTER=otlp stands for the given exporter. Other names are not understood.
func Config(get func(name string) string, exporter trace.Exporter) (trace.Config, error) {
	r := otelenv.Reader{Get: get}
	config := r.Trace()
	config.Exporter = exporter
	name, value := r.First("OTEL_TRACES_EXPORTER")
	switch strings.ToLower(value) {
	case "none":
		config.Exporter = nil
	case "", "otlp":
	default:
		r.Bad(name)
	}
	if r.True("OTEL_SDK_DISABLED") {
		config.Exporter = nil
	}
	return config, r.Err("fromenv.Config")
}

// Batch returns the configuration of a [batch.Processor] without a Sink, from these variables: OTEL_BSP_SCHEDULE_DELAY (Age)
// and OTEL_BSP_EXPORT_TIMEOUT (Timeout) in milliseconds, OTEL_BSP_MAX_QUEUE_SIZE (MaxSpans) and OTEL_BSP_MAX_EXPORT_BATCH_SIZE
// (Spans). If a variable is not set, the default of package batch applies.
func Batch(get func(name string) string) (config batch.Config, err error) {
	r := otelenv.Reader{Get: get}
	config.Timeout = r.Milliseconds("OTEL_BSP_EXPORT_TIMEOUT")
	config.Age = time.Duration(r.Count("OTEL_BSP_SCHEDULE_DELAY")) * time.Millisecond
	config.MaxSpans = r.Count("OTEL_BSP_MAX_QUEUE_SIZE")
	config.Spans = r.Count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
	return config, r.Err("fromenv.Batch")
}
