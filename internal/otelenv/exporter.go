package otelenv

import (
	"strings"
	"time"
)

// Exporter is what the variables say of an exporter of OTLP over HTTP. URL is empty where none does.
type Exporter struct {
	URL     string
	Headers map[string]string
	Timeout time.Duration // 0 where none says so
	Gzip    string        // the variable that asks for it; empty where none does
}

const path = "/v1/traces"

// Exporter reads https://opentelemetry.io/docs/specs/otel/protocol/exporter/. What is said of traces comes before what is said of all signals.
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
