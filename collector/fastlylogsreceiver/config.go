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

// Config configures the receiver. Besides the fields below it has those of confighttp's server: endpoint, tls,
// max_request_body_size, auth and so on.
type Config struct {
	// ServerConfig is not embedded. In newer Collectors it has an Unmarshal method, and if Config had that method too, it would
	// be called in place of reading the fields below.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// Path is the URL path to which Fastly sends lines, by POST or PUT. The default is "/v1/logs-from-fastly".
	Path string `mapstructure:"path"`

	// ServiceIDs are the ids of the Fastly services that may log to this host, or "*" alone for any service. Fastly sends
	// nothing to a host whose answer to its challenge does not have the service's id.
	ServiceIDs []string `mapstructure:"service_ids"`

	// RequiredHeader is a header that each request must have. It is not checked if its name is empty.
	RequiredHeader RequiredHeader `mapstructure:"required_header"`

	// RetryAfter is the value of the Retry-After header of a 503, the answer when the pipeline refuses data for now. It is sent
	// in whole seconds, and is at least one second. The default is 5 s.
	RetryAfter time.Duration `mapstructure:"retry_after"`
}

// RequiredHeader is a header whose value is a secret that the sender knows.
type RequiredHeader struct {
	Name  string              `mapstructure:"name"`
	Value configopaque.String `mapstructure:"value"`
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:4319"
	// Fastly sends up to 100 MB unless --request-max-bytes sets a lower limit. Data that is refused is lost.
	server.MaxRequestBodySize = 100 << 20
	server.ReadTimeout = time.Minute // so that a slow client cannot keep the memory of its body forever
	server.CompressionAlgorithms = []string{"", "gzip", "zstd"}
	return &Config{
		ServerConfig: server,
		Path:         "/v1/logs-from-fastly",
		RetryAfter:   5 * time.Second,
	}
}

// Validate returns all errors in the configuration at once.
func (c *Config) Validate() error {
	var errs []error
	if c.ServerConfig.NetAddr.Endpoint == "" {
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
			errs = append(errs, fmt.Errorf("service_ids: %q is not a service id", id))
		}
		if id == "*" && len(c.ServiceIDs) > 1 {
			errs = append(errs, errors.New(`service_ids: "*" must be the only entry`))
		}
	}
	if h := c.RequiredHeader; h.Name != "" || h.Value != "" {
		if !httpguts.ValidHeaderFieldName(h.Name) {
			errs = append(errs, fmt.Errorf("required_header: %q is not a header name", h.Name))
		}
		if h.Value == "" {
			errs = append(errs, errors.New("required_header: value is empty"))
		}
		if v := string(h.Value); strings.TrimSpace(v) != v || !httpguts.ValidHeaderFieldValue(v) {
			errs = append(errs, errors.New("required_header: value begins or ends with white space or has control characters, so no request could match it"))
		}
		if http.CanonicalHeaderKey(h.Name) == "Host" {
			errs = append(errs, errors.New("required_header: name must not be Host, which is not a secret"))
		}
	}
	if c.RetryAfter < 0 {
		errs = append(errs, errors.New("retry_after is negative"))
	}
	return errors.Join(errs...)
}

// validatePath rejects paths that no request can have, and paths on which http.ServeMux would panic or which it would take for
// a pattern.
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
