package otlphttp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFromEnv(t *testing.T) {
	none := func(string) string { return "" }
	config, err := FromEnv(none, nil)
	require.NoError(t, err)
	assert.Equal(t, Config{URL: "http://localhost:4318"}, config)

	values := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x",
		"OTEL_EXPORTER_OTLP_TIMEOUT": "1500", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"}
	get := func(name string) string { return values[name] }
	config, err = FromEnv(get, func(body []byte) ([]byte, error) { return body, nil })
	require.NoError(t, err)
	assert.NotNil(t, config.Gzip)
	config.Gzip = nil
	assert.Equal(t, Config{URL: "http://c:4318/v1/traces", Headers: map[string]string{"authorization": "Bearer x"}, Timeout: 1500 * time.Millisecond}, config)

	config, err = FromEnv(get, nil)
	require.EqualError(t, err, "otlphttp.FromEnv: variables that are missing or not understood: OTEL_EXPORTER_OTLP_COMPRESSION")
	assert.Equal(t, "http://c:4318/v1/traces", config.URL, "and is to be used")

	values["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION"] = "gzip"
	_, err = FromEnv(get, nil)
	require.EqualError(t, err, "otlphttp.FromEnv: variables that are missing or not understood: OTEL_EXPORTER_OTLP_TRACES_COMPRESSION")
}
