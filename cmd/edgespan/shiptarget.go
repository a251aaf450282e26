package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/ship"
	"github.com/edgespan/edgespan/internal/httpheader"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	tracesPath = "/v1/traces"
	logsPath   = "/v1/logs"
)

// targets returns the addresses for spans and for log records, with the headers of each.
func (s *shipCommand) targets(env *otelEnv) (traces, logs ship.Target, err error) {
	for signal, target := range map[string]*ship.Target{tracesPath: &traces, logsPath: &logs} {
		name, text, whole := "the endpoint for traces", s.TracesEndpoint, true
		if signal == logsPath {
			name, text = "the endpoint for logs", s.LogsEndpoint
		}
		if text == "" {
			name, text, whole = "the endpoint", s.Endpoint, false
		}
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(text, " #") {
			return traces, logs, usage("%s must begin with http:// or https:// and a host, as in http://localhost:4318", name) // not what it is: it may contain a secret
		}
		if u.User != nil {
			return traces, logs, usage("%s must not contain a name and password: send them as a header, as in --header 'Authorization=Basic ...'", name)
		}
		if !whole {
			// An endpoint that ends with the path of a signal names the receiver too.
			path := strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(u.Path, "/"), tracesPath), logsPath)
			u.Path, u.RawPath = path+signal, ""
		}
		target.URL = u.String()
	}
	flags, err := parseHeaders(s.Header)
	if err != nil {
		return traces, logs, err
	}
	agent := []otlphttp.Header{{Name: "User-Agent", Value: "edgespan/" + trace.Version}}
	traces.Headers = mergeHeaders(agent, env.headers, env.tracesHeaders, flags)
	logs.Headers = mergeHeaders(agent, env.headers, env.logsHeaders, flags)
	return traces, logs, nil
}

// parseHeaders reads 'K=V' and, as in curl, 'K: V'. Errors leave out the value, which may be a secret.
func parseHeaders(list []string) ([]otlphttp.Header, error) {
	var headers []otlphttp.Header
	for i, text := range list {
		at := strings.IndexAny(text, "=:")
		if at <= 0 {
			return nil, usage("--header number %d is not of the form K=V", i+1)
		}
		h := otlphttp.Header{Name: strings.TrimSpace(text[:at]), Value: strings.TrimSpace(text[at+1:])}
		if !httpheader.Valid(h.Name, h.Value) {
			return nil, usage("--header number %d cannot be sent: its name is not a valid header name or is reserved for HTTP itself, or its value contains control characters", i+1)
		}
		headers = append(headers, h)
	}
	return headers, nil
}

// mergeHeaders joins lists. A later header replaces an earlier one of the same name.
func mergeHeaders(lists ...[]otlphttp.Header) []otlphttp.Header {
	var all []otlphttp.Header
	for _, list := range lists {
		for _, h := range list {
			all = slices.DeleteFunc(all, func(o otlphttp.Header) bool { return strings.EqualFold(o.Name, h.Name) })
			all = append(all, h)
		}
	}
	return all
}

// transport makes the HTTP client. It follows no redirects, and uses the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
func (s *shipCommand) transport() (otlphttp.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Ca != "" {
		pem, err := os.ReadFile(s.Ca)
		if err != nil {
			return nil, fmt.Errorf("--ca: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--ca %s contains no certificate in PEM", s.Ca)
		}
	}
	if s.Cert != "" {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			return nil, fmt.Errorf("--cert and --key: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = config
	return &nethttp.Transport{Client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}
