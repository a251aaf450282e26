//go:build !js

package workers

import (
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
)

func transport() otlphttp.Transport { return new(nethttp.Transport) }

func compress(body []byte) ([]byte, error) { return gzip.Compress(body) }
