package otelenv

import (
	"strings"
	"time"
)

// Exporter holds the settings of an exporter of OTLP over HTTP. URL is empty if no variable sets an endpoint.
type Exporter struct {
	URL     string
	Headers map[string]string
	Timeout time.Duration // 0 if no variable sets it
	Gzip    string        // the name of the variable that asks for gzip; empty if none does
}

const path = "/v1/traces"

// Exporter reads the variables of https://opentelemetry.io/docs/specs/otel/protocol/exporter/. A variable for traces takes
// precedence over one for all signals.
func (r *Reader) Exporter() (e Exporter) {
	first := func(name string) (string, string) {
		return r.First("OTEL_EXPORTER_OTLP_TRACES_"+name, "OTEL_EXPORTER_OTLP_"+name)
	}
	name, endpoint := first("ENDPOINT")
	if e.URL = endpoint; endpoint != "" && name == "OTEL_EXPORTER_OTLP_ENDPOINT" {
		query := strings.IndexByte(endpoint+"?", '?')
		e.URL = strings.TrimSuffix(endpoint[:query], "/") + path + endpoint[query:]
	}
	name, _ = first("HEADERS")
	for _, pair := range r.Pairs(name) {
		if e.Headers == nil {
			e.Headers = map[string]string{}
		}
		e.Headers[pair[0]] = pair[1]
	}
	name, _ = first("TIMEOUT")
	e.Timeout = r.Milliseconds(name)
	name, compression := first("COMPRESSION")
	switch strings.ToLower(compression) {
	case "gzip":
		e.Gzip = name
	case "", "none":
	default:
		r.Bad(name)
	}
	if name, protocol := first("PROTOCOL"); protocol != "" && !strings.EqualFold(protocol, "http/json") {
		r.Bad(name)
	}
	return e
}
