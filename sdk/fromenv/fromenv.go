// Package fromenv configures a provider by the variables of OpenTelemetry's specification,
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, for programs that are started with some: natively and
// under WASI. Package otlphttp reads those of the exporter, and workers.FromEnv all that a Worker has. A Compute service has none.
//
//	exporter, err := otlphttp.FromEnv(os.Getenv, nil)
//	exporter.Transport = &nethttp.Transport{}
//	held, err := fromenv.Batch(os.Getenv)
//	held.Sink = otlphttp.New(exporter)
//	config, err := fromenv.Config(os.Getenv, batch.New(held))
//	tp := trace.NewTracerProvider(config)
//
// An error is for a log: it names the variables that are not understood, and not their values. What is returned beside it is to be used, with
// defaults for these.
package fromenv

import (
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/otelenv"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config returns the configuration of a provider that has exporter, and the rest from these variables:
//
//   - OTEL_SERVICE_NAME, and OTEL_RESOURCE_ATTRIBUTES as name=value,name=value, percent-encoded. Where one pair is none, all are left out.
//   - OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: always_on, always_off, traceidratio, and parentbased_ before each. It is
//     StartConfig.TrustParent that says whether a parent in another process decides.
//   - OTEL_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, both with OTEL_SPAN_ as well; OTEL_SPAN_EVENT_COUNT_LIMIT,
//     OTEL_SPAN_LINK_COUNT_LIMIT, OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: from 1 on.
//   - OTEL_SDK_DISABLED: true leaves exporter out, so that nothing is recorded; and so does OTEL_TRACES_EXPORTER: none. Other names of
//     exporters are not understood, but for otlp, which is taken to be exporter.
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

// Batch returns the configuration of a [batch.Processor], but for its Sink, from these variables: OTEL_BSP_SCHEDULE_DELAY (Age) and
// OTEL_BSP_EXPORT_TIMEOUT (Timeout) in milliseconds, OTEL_BSP_MAX_QUEUE_SIZE (MaxSpans) and OTEL_BSP_MAX_EXPORT_BATCH_SIZE
// (Spans). Where one is not set, batch's own default holds.
func Batch(get func(name string) string) (config batch.Config, err error) {
	r := otelenv.Reader{Get: get}
	config.Timeout = r.Milliseconds("OTEL_BSP_EXPORT_TIMEOUT")
	config.Age = time.Duration(r.Count("OTEL_BSP_SCHEDULE_DELAY")) * time.Millisecond
	config.MaxSpans = r.Count("OTEL_BSP_MAX_QUEUE_SIZE")
	config.Spans = r.Count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
	return config, r.Err("fromenv.Batch")
}
