package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/httpheader"
	"github.com/edgespan/edgespan/internal/otelenv"
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
	r := otelenv.Reader{Get: getenv}
	get := func(names ...string) string {
		for i := range names {
			names[i] = otelPrefix + names[i]
		}
		_, value := r.First(names...)
		return value
	}
	e := &otelEnv{
		endpoint: get("ENDPOINT"), tracesEndpoint: get("TRACES_ENDPOINT"), logsEndpoint: get("LOGS_ENDPOINT"),
		timeout:     r.Milliseconds(otelPrefix + "TIMEOUT"),
		compression: strings.ToLower(get("COMPRESSION")), protocol: strings.ToLower(get("TRACES_PROTOCOL", "PROTOCOL")),
		ca: get("CERTIFICATE"), cert: get("CLIENT_CERTIFICATE"), key: get("CLIENT_KEY"),
	}
	headers := func(name string) (list []otlphttp.Header) {
		for _, pair := range r.Pairs(otelPrefix + name) {
			if !httpheader.Valid(pair[0], pair[1]) {
				r.Bad(otelPrefix + name)
				break
			}
			list = append(list, otlphttp.Header{Name: pair[0], Value: pair[1]})
		}
		return list
	}
	e.headers, e.tracesHeaders, e.logsHeaders = headers("HEADERS"), headers("TRACES_HEADERS"), headers("LOGS_HEADERS")
	if err := r.Err("the environment"); err != nil { // without the values, which may be secrets
		return nil, usage("%w. Write headers as k=v,k=v, and the timeout in milliseconds", err)
	}
	return e, nil
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
