// Package fastlyenv describes the sandbox that a Compute service runs in, from the variables that the platform sets:
// https://www.fastly.com/documentation/reference/compute/ecp-env/.
package fastlyenv

import (
	"os"

	"github.com/edgespan/edgespan/sdk/trace"
)

// variables are the attributes and where they come from. FASTLY_TRACE_ID names the sandbox, not the request.
var variables = [...]struct{ key, name string }{
	{"service.name", "FASTLY_SERVICE_ID"},
	{"service.version", "FASTLY_SERVICE_VERSION"},
	{"service.instance.id", "FASTLY_TRACE_ID"},
	{"cloud.region", "FASTLY_REGION"},
	{"cloud.availability_zone", "FASTLY_POP"},
	{"faas.name", "FASTLY_SERVICE_ID"},
	{"faas.version", "FASTLY_SERVICE_VERSION"},
	{"faas.instance", "FASTLY_TRACE_ID"},
	{"host.name", "FASTLY_HOSTNAME"},
}

// Resource returns the attributes of OpenTelemetry's cloud, faas, host and service conventions that are known here.
// Outside of Compute there are none. service.name and service.version are the service's id and version as long as
// trace.Config does not name better ones.
func Resource() []trace.Attribute {
	attrs := []trace.Attribute{
		trace.String("cloud.provider", "fastly"),
		trace.String("cloud.platform", "fastly.compute"),
	}
	known := len(attrs)
	for _, v := range variables {
		if value := os.Getenv(v.name); value != "" {
			attrs = append(attrs, trace.String(v.key, value))
		}
	}
	if len(attrs) == known {
		return nil
	}
	return attrs
}
