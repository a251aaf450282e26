//go:build !js

package workers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestFromEnv(t *testing.T) {
	none := func() Version { return Version{} }
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	exporter := func(c trace.Config, _ error) *Exporter { e, _ := c.Exporter.(*Exporter); return e }

	c, err := fromEnv(env(), none)
	require.NoError(t, err)
	require.NotNil(t, exporter(c, nil), "the default is the console")
	assert.NotNil(t, exporter(c, nil).console)
	assert.Nil(t, exporter(c, nil).otlp)

	c, err = fromEnv(env("OTLP_COLLECTOR_URL", "https://c.example", "OTEL_SERVICE_NAME", "s", "OTEL_RESOURCE_ATTRIBUTES", "a=b%20c, service.name=x,deployment.environment.name=prod",
		"OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x, x-team = y", "OTEL_EXPORTER_OTLP_TIMEOUT", "1500", "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
		"OTEL_TRACES_EXPORTER", "otlp, console"), func() Version { return Version{ID: "id"} })
	require.NoError(t, err)
	e := exporter(c, nil)
	assert.Equal(t, "s", c.ServiceName)
	assert.Equal(t, []trace.Attribute{trace.String("a", "b c"), trace.String("deployment.environment.name", "prod")}, c.Resource)
	assert.Equal(t, map[string]string{"authorization": "Bearer x", "x-team": "y"}, e.config.Headers)
	assert.Equal(t, 1500*time.Millisecond, e.config.Timeout)
	assert.True(t, e.config.Gzip && e.config.Console)
	assert.Equal(t, "https://c.example", e.config.URL)
	assert.Contains(t, e.DetectResource(), trace.String("faas.version", "id"))

	assert.Equal(t, "https://c.example/base/v1/traces", exporter(fromEnv(env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example/base/"), none)).config.URL)
	assert.Nil(t, exporter(fromEnv(env("OTEL_SDK_DISABLED", "True", "OTLP_COLLECTOR_URL", "https://c.example"), none)))
	assert.Nil(t, exporter(fromEnv(env("OTEL_TRACES_EXPORTER", "none"), none)))

	for _, tt := range []struct {
		names, url    string
		otlp, console bool
		wrong         string
	}{
		{"", "https://c.example", true, false, ""},
		{"OTLP", "https://c.example", true, false, ""},
		{"Console", "https://c.example", false, true, ""},
		{"None", "https://c.example", false, false, ""},
		{"zipkin", "https://c.example", true, false, "OTEL_TRACES_EXPORTER"},
		{"zipkin", "", false, true, "OTEL_TRACES_EXPORTER"},
		{"zipkin,none", "https://c.example", false, false, "OTEL_TRACES_EXPORTER"},
		{"console,zipkin", "https://c.example", false, true, "OTEL_TRACES_EXPORTER"},
		{" , ", "https://c.example", true, false, ""},
		{"otlp", "", false, true, "OTLP_COLLECTOR_URL"},
		{"otlp,console", "", false, true, "OTLP_COLLECTOR_URL"},
		{"otlp,none", "", false, false, "OTLP_COLLECTOR_URL"},
	} {
		c, err := fromEnv(env("OTEL_TRACES_EXPORTER", tt.names, "OTLP_COLLECTOR_URL", tt.url), none)
		e := exporter(c, nil)
		assert.Equal(t, tt.otlp, e != nil && e.otlp != nil, "%+v", tt)
		assert.Equal(t, tt.console, e != nil && e.console != nil, "%+v", tt)
		if tt.wrong == "" {
			assert.NoError(t, err, "%+v", tt)
		} else {
			assert.EqualError(t, err, "workers.FromEnv: variables that are missing or not understood: "+tt.wrong, "%+v", tt)
		}
	}
	assert.True(t, exporter(fromEnv(env("OTLP_COLLECTOR_URL", "https://c.example", "OTEL_EXPORTER_OTLP_COMPRESSION", "GZIP"), none)).config.Gzip)
}

// The error names all variables that cannot be read, but not their values. They keep their defaults.
func TestFromEnvNamesInvalidVariables(t *testing.T) {
	for _, timeout := range []string{"x", "-5", "1e3", "99999999999999999999", "9223372036854775807"} {
		values := map[string]string{
			"OTLP_COLLECTOR_URL": "https://c.example", "OTEL_EXPORTER_OTLP_TIMEOUT": timeout, "OTEL_EXPORTER_OTLP_HEADERS": "topsecret",
			"OTEL_EXPORTER_OTLP_COMPRESSION": "brotli", "OTEL_TRACES_SAMPLER": "sometimes", "OTEL_TRACES_EXPORTER": "otlp,zipkin",
		}
		c, err := fromEnv(func(name string) string { return values[name] }, func() Version { return Version{} })
		for name, value := range values {
			if name != "OTLP_COLLECTOR_URL" {
				require.ErrorContains(t, err, name)
			}
			require.NotContains(t, err.Error(), value)
		}
		assert.Zero(t, c.Exporter.(*Exporter).config.Timeout, timeout)
	}
}
