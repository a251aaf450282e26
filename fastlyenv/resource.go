// Package fastlyenv describes the sandbox that a Compute service runs in, from the variables that the platform sets:
// https://www.fastly.com/documentation/reference/compute/ecp-env/.
package fastlyenv

import (
	"os"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Resource returns the attributes of OpenTelemetry's cloud, faas, host and service conventions that are known here.
// Outside of Compute there are none. service.name and service.version are the service's id and version as long as
// trace.Config does not name better ones.
func Resource() []trace.Attribute {
	service := os.Getenv("FASTLY_SERVICE_ID")
	hostname := os.Getenv("FASTLY_HOSTNAME")
	if service == "" && hostname == "" {
		return nil
	}
	attrs := []trace.Attribute{
		trace.String("cloud.provider", "fastly"),
		trace.String("cloud.platform", "fastly.compute"),
	}
	add := func(key, value string) {
		if value != "" {
			attrs = append(attrs, trace.String(key, value))
		}
	}
	version, sandbox := os.Getenv("FASTLY_SERVICE_VERSION"), os.Getenv("FASTLY_TRACE_ID")
	add("service.name", service)
	add("service.version", version)
	add("service.instance.id", sandbox)
	add("cloud.region", os.Getenv("FASTLY_REGION"))
	add("cloud.availability_zone", os.Getenv("FASTLY_POP"))
	add("faas.name", service)
	add("faas.version", version)
	add("faas.instance", sandbox) // FASTLY_TRACE_ID names the sandbox, not the request
	add("host.name", hostname)
	return attrs
}
