// Package fastlyenv describes the sandbox that a Compute service runs in, from the variables that the platform sets:
// https://www.fastly.com/documentation/reference/compute/ecp-env/.
package fastlyenv

import (
	"os"

	"github.com/edgespan/edgespan/sdk/trace"
)

// variables are the attributes, and their values or where they come from. FASTLY_TRACE_ID names the sandbox, not the request.
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

// Resource returns the attributes of OpenTelemetry's cloud, faas, host and service conventions that are known here.
// Outside of Compute there are none. service.name and service.version are the service's id and version as long as
// [trace.Config] does not name better ones.
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
