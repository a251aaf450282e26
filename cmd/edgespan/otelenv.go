package main

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/httpheader"
	"github.com/edgespan/edgespan/otlphttp"
)

// otelEnv is the part of the environment that configures exporters:
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
type otelEnv struct {
	endpoint, tracesEndpoint, logsEndpoint string
	headers, tracesHeaders, logsHeaders    []otlphttp.Header
	timeout                                time.Duration
	compression, protocol                  string
	ca, cert, key                          string
}

const otelPrefix = "OTEL_EXPORTER_OTLP_"

func readOTelEnv(getenv func(string) string) (*otelEnv, error) {
	get := func(name string) string { return strings.TrimSpace(getenv(otelPrefix + name)) }
	e := &otelEnv{
		endpoint: get("ENDPOINT"), tracesEndpoint: get("TRACES_ENDPOINT"), logsEndpoint: get("LOGS_ENDPOINT"),
		compression: get("COMPRESSION"), protocol: cmp.Or(get("TRACES_PROTOCOL"), get("PROTOCOL")),
		ca: get("CERTIFICATE"), cert: get("CLIENT_CERTIFICATE"), key: get("CLIENT_KEY"),
	}
	for name, list := range map[string]*[]otlphttp.Header{"HEADERS": &e.headers, "TRACES_HEADERS": &e.tracesHeaders, "LOGS_HEADERS": &e.logsHeaders} {
		var err error
		if *list, err = readEnvHeaders(otelPrefix+name, get(name)); err != nil {
			return nil, err
		}
	}
	if text := get("TIMEOUT"); text != "" {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return nil, usage("%sTIMEOUT must be a number of milliseconds, not %q", otelPrefix, text)
		}
		e.timeout = time.Duration(n) * time.Millisecond
	}
	return e, nil
}

// readEnvHeaders reads 'k=v,k=v'; values may be percent-encoded. Errors leave the values out, which may be secrets.
func readEnvHeaders(name, text string) ([]otlphttp.Header, error) {
	var headers []otlphttp.Header
	for i, member := range strings.Split(text, ",") {
		if strings.TrimSpace(member) == "" {
			continue
		}
		key, value, ok := strings.Cut(member, "=")
		key = strings.TrimSpace(key)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || err != nil || !httpheader.Valid(key, value) {
			return nil, usage("header number %d in %s is not of the form k=v, or cannot be sent", i+1, name)
		}
		headers = append(headers, otlphttp.Header{Name: key, Value: value})
	}
	return headers, nil
}

// fill sets the flags that were not given from the environment, or to their defaults.
func (e *otelEnv) fill(s *shipCommand) error {
	flagged := s.Endpoint != "" // then the endpoints of signals in the environment belong to another receiver
	s.Endpoint = cmp.Or(s.Endpoint, e.endpoint, "http://localhost:4318")
	if !flagged {
		s.TracesEndpoint = cmp.Or(s.TracesEndpoint, e.tracesEndpoint)
		s.LogsEndpoint = cmp.Or(s.LogsEndpoint, e.logsEndpoint)
	}
	s.Timeout = cmp.Or(s.Timeout, e.timeout, 10*time.Second)
	known := []string{"gzip", "none"}
	if c := s.Compression; c != "" && !slices.Contains(known, c) {
		return usage("--compression must be gzip or none, not %q", c)
	}
	s.Compression = cmp.Or(s.Compression, e.compression, "gzip")
	s.Ca = cmp.Or(s.Ca, e.ca)
	if s.Cert == "" && s.Key == "" {
		s.Cert, s.Key = e.cert, e.key
	}
	if !slices.Contains(known, s.Compression) {
		return usage("%sCOMPRESSION must be gzip or none, not %q", otelPrefix, s.Compression)
	}
	return nil
}
