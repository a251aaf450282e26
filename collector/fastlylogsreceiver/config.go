package fastlylogsreceiver

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"golang.org/x/net/http/httpguts"
)

// Config is the receiver's. The fields of confighttp's server (endpoint, tls, max_request_body_size, auth, …) stand beside
// its own.
type Config struct {
	confighttp.ServerConfig `mapstructure:",squash"`

	// Path is where lines are POSTed or PUT to, "/v1/logs-from-fastly" by default.
	Path string `mapstructure:"path"`

	// ServiceIDs are the Fastly services that may log to here, or "*" alone for all. Fastly sends nothing to a host that does
	// not answer its challenge with the service's id.
	ServiceIDs []string `mapstructure:"service_ids"`

	// RequiredHeader must come with each POST, if its name is set.
	RequiredHeader RequiredHeader `mapstructure:"required_header"`

	// RetryAfter is what a client is told to wait when the pipeline refuses. It is sent in whole seconds, one at least.
	RetryAfter time.Duration `mapstructure:"retry_after"`
}

// RequiredHeader is a secret that the sender knows.
type RequiredHeader struct {
	Name  string              `mapstructure:"name"`
	Value configopaque.String `mapstructure:"value"`
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:4319"
	// Fastly sends up to 100 MB where --request-max-bytes does not say less, and what is refused is lost.
	server.MaxRequestBodySize = 100 << 20
	server.ReadTimeout = time.Minute // a client that trickles may not hold a body's memory for ever
	server.CompressionAlgorithms = []string{"", "gzip", "zstd"}
	return &Config{
		ServerConfig: server,
		Path:         "/v1/logs-from-fastly",
		RetryAfter:   5 * time.Second,
	}
}

// Validate tells all that is wrong at once.
func (c *Config) Validate() error {
	var errs []error
	if c.NetAddr.Endpoint == "" {
		errs = append(errs, errors.New("endpoint is empty"))
	}
	if err := validatePath(c.Path); err != nil {
		errs = append(errs, fmt.Errorf("path %q %w", c.Path, err))
	}
	if len(c.ServiceIDs) == 0 {
		errs = append(errs, errors.New(`service_ids is empty: list the ids of the Fastly services, or "*" for any`))
	}
	for _, id := range c.ServiceIDs {
		if id == "" || strings.ContainsAny(id, " \t\r\n") {
			errs = append(errs, fmt.Errorf("service_ids: %q is no service id", id))
		}
		if id == "*" && len(c.ServiceIDs) > 1 {
			errs = append(errs, errors.New(`service_ids: "*" stands alone`))
		}
	}
	if h := c.RequiredHeader; h.Name != "" || h.Value != "" {
		if !httpguts.ValidHeaderFieldName(h.Name) {
			errs = append(errs, fmt.Errorf("required_header: %q is no header name", h.Name))
		}
		if h.Value == "" {
			errs = append(errs, errors.New("required_header: value is empty"))
		}
		if v := string(h.Value); strings.TrimSpace(v) != v || !httpguts.ValidHeaderFieldValue(v) {
			errs = append(errs, errors.New("required_header: value has white space around it or control characters, which no header brings"))
		}
		if http.CanonicalHeaderKey(h.Name) == "Host" {
			errs = append(errs, errors.New("required_header: Host is no secret"))
		}
	}
	if c.RetryAfter < 0 {
		errs = append(errs, errors.New("retry_after is negative"))
	}
	return errors.Join(errs...)
}

// validatePath refuses what no request would have, and what http.ServeMux would panic for, or take for a pattern.
func validatePath(p string) error {
	switch {
	case !strings.HasPrefix(p, "/"):
		return errors.New("does not begin with /")
	case strings.ContainsAny(p, "{}?#") || strings.ContainsFunc(p, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("has spaces, control characters, braces, a query or a fragment")
	case p != "/" && path.Clean(p) != strings.TrimSuffix(p, "/") || strings.HasSuffix(p, "//"):
		return errors.New("has //, /./ or /../ in it")
	}
	if _, err := url.PathUnescape(p); err != nil {
		return fmt.Errorf("has an %w", err)
	}
	return nil
}
