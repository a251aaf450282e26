package nethttp_test

import (
	"net/http"
	"time"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
)

// Sends with a client that has limits of its own.
func ExampleTransport() {
	_ = otlphttp.New(otlphttp.Config{
		URL:       "http://localhost:4318",
		Transport: &nethttp.Transport{Client: &http.Client{Timeout: 5 * time.Second}},
	})
}
