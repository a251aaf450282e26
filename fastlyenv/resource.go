// Package fastlyenv describes the sandbox that a Compute service runs in, as attributes of OpenTelemetry's resource
// conventions. The values come from the environment variables that the platform sets,
// https://www.fastly.com/documentation/reference/compute/ecp-env/.
//
// Package logendpoint uses it by itself. Use it directly with an exporter that does not detect the platform:
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, Resource: fastlyenv.Resource()})
package fastlyenv

import (
	"os"

	"github.com/edgespan/edgespan/sdk/trace"
)

// variables maps each attribute to its value, or to the environment variable that has its value. FASTLY_TRACE_ID identifies the
// sandbox, not the request.
var variables = [...]struct{ key, value, name string }{
	{key: "cloud.provider", value: "fastly"},
	{key: "cloud.platform", value: "fastly.compute"},
	{key: "service.name", name: "FASTLY_SERVICE_ID"},
	{key: "service.version", name: "FASTLY_SERVICE_VERSION"},
	{key: "service.instance.id", name: "FASTLY_TRACE_ID"},
	{key: "cloud.region", name: "FASTLY_REGION"},
	{key: "cloud.availability_zone", name: "FASTLY_POP"},
	{key: "faas.name", name: "FASTLY_SERVICE_ID"},
	{key: "faas.version", name: "FASTLY_SERVICE_VERSION"},
	{key: "faas.instance", name: "FASTLY_TRACE_ID"},
	{key: "host.name", name: "FASTLY_HOSTNAME"},
}

// Resource returns the attributes of OpenTelemetry's cloud, faas, host and service conventions that are known here,
// https://opentelemetry.io/docs/specs/semconv/resource/. Outside of Compute it returns none. service.name and service.version
// are the id and the version of the Fastly service. When an exporter detects these attributes, [trace.Config] can replace them.
func Resource() []trace.Attribute {
	known, n := false, 0
	attrs := make([]trace.Attribute, len(variables))
	for i := range variables {
		v := &variables[i]
		value := v.value
		if value == "" {
			value = os.Getenv(v.name)
			known = known || value != ""
		}
		if value != "" {
			attrs[n] = trace.String(v.key, value)
			n++
		}
	}
	if !known {
		return nil
	}
	return attrs[:n]
}
