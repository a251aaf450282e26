package fastlyenv_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/edgespan/edgespan/fastlyenv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

var names = []string{"FASTLY_SERVICE_ID", "FASTLY_SERVICE_VERSION", "FASTLY_TRACE_ID", "FASTLY_REGION", "FASTLY_POP", "FASTLY_HOSTNAME"}

func setenv(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range names {
		t.Setenv(name, values[name]) // Setenv first, for what it restores at the end
		if _, ok := values[name]; !ok {
			require.NoError(t, os.Unsetenv(name))
		}
	}
}

func TestResource(t *testing.T) {
	fastly := []trace.Attribute{trace.String("cloud.provider", "fastly"), trace.String("cloud.platform", "fastly.compute")}
	for _, test := range []struct {
		name string
		env  map[string]string
		want []trace.Attribute
	}{
		{"not on Compute", nil, nil},
		{"empty values", map[string]string{"FASTLY_SERVICE_ID": "", "FASTLY_POP": ""}, nil},
		{"one is enough", map[string]string{"FASTLY_HOSTNAME": "cache-1"}, append(fastly[:2:2], trace.String("host.name", "cache-1"))},
		{"all", map[string]string{
			"FASTLY_SERVICE_ID": "svc", "FASTLY_SERVICE_VERSION": "12", "FASTLY_TRACE_ID": "t1", "FASTLY_REGION": "EU-Central",
			"FASTLY_POP": "FRA", "FASTLY_HOSTNAME": "cache-fra1",
		}, append(fastly[:2:2],
			trace.String("service.name", "svc"),
			trace.String("service.version", "12"),
			trace.String("service.instance.id", "t1"),
			trace.String("cloud.region", "EU-Central"),
			trace.String("cloud.availability_zone", "FRA"),
			trace.String("faas.name", "svc"),
			trace.String("faas.version", "12"),
			trace.String("faas.instance", "t1"),
			trace.String("host.name", "cache-fra1"),
		)},
	} {
		t.Run(test.name, func(t *testing.T) {
			setenv(t, test.env)
			require.Equal(t, test.want, fastlyenv.Resource())
		})
	}
}

// The names in Config take precedence over the service's id.
func TestResourceOfProvider(t *testing.T) {
	setenv(t, map[string]string{"FASTLY_SERVICE_ID": "svc", "FASTLY_SERVICE_VERSION": "12"})
	value := func(r *trace.Resource, key string) string {
		v, _ := r.Attribute(key)
		return v.Str()
	}
	r := trace.NewResource(fastlyenv.Resource(), []trace.Attribute{trace.String("service.name", "shop")})
	require.Equal(t, "shop", value(r, "service.name"))
	require.Equal(t, "12", value(r, "service.version"))
	require.Equal(t, "svc", value(r, "faas.name"))
}

func ExampleResource() {
	os.Setenv("FASTLY_POP", "FRA")
	defer os.Unsetenv("FASTLY_POP")
	for _, a := range fastlyenv.Resource() {
		fmt.Println(a.Key, a.Value.Str())
	}
	// Output:
	// cloud.provider fastly
	// cloud.platform fastly.compute
	// cloud.availability_zone FRA
}
