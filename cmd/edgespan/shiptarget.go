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

// targets returns where spans and log records go, and with which headers.
func (s *shipCommand) targets(env *otelEnv) (traces, logs ship.Target, err error) {
	for signal, target := range map[string]*ship.Target{tracesPath: &traces, logsPath: &logs} {
		text, whole := s.TracesEndpoint, true
		if signal == logsPath {
			text = s.LogsEndpoint
		}
		if text == "" {
			text, whole = s.Endpoint, false
		}
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(text, " #") {
			return traces, logs, usage("an endpoint begins with http:// or https:// and a host, as http://localhost:4318") // it may have a secret in it
		}
		if u.User != nil {
			return traces, logs, usage("an endpoint has no name and password in it: they are a header, as 'Authorization=Basic ...'")
		}
		if !whole {
			// Whoever gives the whole address of one signal means the receiver all the same.
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

// parseHeaders reads 'K=V' and, as curl has it, 'K: V'. What is wrong is told without the value, which may be a secret.
func parseHeaders(list []string) ([]otlphttp.Header, error) {
	var headers []otlphttp.Header
	for i, text := range list {
		at := strings.IndexAny(text, "=:")
		if at <= 0 {
			return nil, usage("--header number %d is not of the form K=V", i+1)
		}
		h := otlphttp.Header{Name: strings.TrimSpace(text[:at]), Value: strings.TrimSpace(text[at+1:])}
		if !httpheader.Valid(h.Name, h.Value) {
			return nil, usage("--header number %d can not be sent: its name is no token or one of those that HTTP needs itself, or there are control characters in its value", i+1)
		}
		headers = append(headers, h)
	}
	return headers, nil
}

// mergeHeaders joins lists; a later header takes the place of an earlier one of its name.
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

// transport makes the HTTP client. It follows no redirects, and obeys HTTPS_PROXY and its kin.
func (s *shipCommand) transport() (otlphttp.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Ca != "" {
		pem, err := os.ReadFile(s.Ca)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s has no certificate in PEM", s.Ca)
		}
	}
	if s.Cert != "" {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			return nil, err
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
