package fastlylogsreceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func TestConfig(t *testing.T) {
	file, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	tests := []struct {
		name   string
		errors []string // empty if the configuration is valid
	}{
		{"least", nil},
		{"full", nil},
		{"empty", []string{"service_ids is empty"}},
		{"star_among_others", []string{`"*" must be the only entry`}},
		{"all_wrong", []string{
			"endpoint is empty", `path "logs from"`, `"a b" is not a service id`, `"X Secret" is not a header name`,
			"value is empty", "retry_after is negative",
		}},
		{"value_without_name", []string{`"" is not a header name`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			part, err := file.Sub(test.name)
			require.NoError(t, err)
			config := createDefaultConfig().(*Config)
			require.NoError(t, part.Unmarshal(config))
			err = confmap.Validate(config)
			if test.errors == nil {
				require.NoError(t, err)
			}
			for _, want := range test.errors {
				assert.ErrorContains(t, err, want)
			}
			if test.name == "full" {
				assert.Equal(t, "0.0.0.0:8443", config.ServerConfig.NetAddr.Endpoint)
				assert.Equal(t, "/logs", config.Path)
				assert.Equal(t, []string{"SU1Z0isxPaozGVKXdv0eY", "abc"}, config.ServiceIDs)
				assert.Equal(t, "X-Log-Secret", config.RequiredHeader.Name)
				assert.Equal(t, "open sesame", string(config.RequiredHeader.Value))
				assert.Equal(t, "[REDACTED]", config.RequiredHeader.Value.String(), "it is not printed")
				assert.Equal(t, 10*time.Second, config.RetryAfter)
				assert.Equal(t, "/tls.crt", config.ServerConfig.TLS.Get().CertFile)
			}
		})
	}
}

// If Validate accepts a path, the server starts with it and serves it.
func TestPathsThatAreValidCanBeServed(t *testing.T) {
	for p, valid := range map[string]bool{
		"/": true, "/x": true, "/x/y-z_1.log": true, "/x/": true, "/a%20b": true, "/...": true, "/ü": true,
		"": false, "x": false, "//x": false, "/x//": false, "/a/../b": false, "/x/./y": false, "/..": false, "//": false,
		"/x%zz": false, "/x%": false, "/{x}": false, "/x{$}": false, "/a b": false, "/a\nb": false, "/a\x00": false, "/x?y": false, "/x#y": false,
	} {
		config := createDefaultConfig().(*Config)
		config.Path, config.ServiceIDs = p, []string{"*"}
		err := config.Validate()
		if !valid {
			assert.ErrorContains(t, err, "path ", p)
			continue
		}
		require.NoError(t, err, p)
		require.NotPanics(t, func() { startServer(t, func(c *Config) { c.Path = p }) }, p)
	}
}

// White space around a header's value is removed on receipt, so a secret with white space around it could never match.
func TestSecretsThatNoHeaderCanHave(t *testing.T) {
	for value, valid := range map[string]bool{"open sesame": true, "ä": true, " x": false, "x\n": false, "x\t": false, "a\x00b": false, "a\r\nb": false} {
		config := createDefaultConfig().(*Config)
		config.ServiceIDs = []string{"*"}
		config.RequiredHeader = RequiredHeader{Name: "X-Log-Secret", Value: configopaque.String(value)}
		if err := config.Validate(); valid {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, "no request could match it")
			assert.NotContains(t, err.Error(), value)
		}
	}
}
