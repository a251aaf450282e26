package gzip_test

import (
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
)

// Sends compressed bodies.
func ExampleCompress() {
	_ = otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: &nethttp.Transport{}, Gzip: gzip.Compress})
}
