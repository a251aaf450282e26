package httpconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMethod(t *testing.T) {
	for _, known := range []string{"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"} {
		assert.Equal(t, known, Method(known))
	}
	assert.Equal(t, "GET", Method(""))
	for _, other := range []string{"get", "PURGE", "GET ", "\x00", "_OTHER"} {
		assert.Equal(t, OtherMethod, Method(other), "%q", other)
	}
}

func TestSpanName(t *testing.T) {
	assert.Equal(t, "GET", SpanName("GET", ""))
	assert.Equal(t, "GET /items/{id}", SpanName("GET", "/items/{id}"))
	assert.Equal(t, "HTTP", SpanName(OtherMethod, ""))
	assert.Equal(t, "HTTP /items/{id}", SpanName(OtherMethod, "/items/{id}"))
}
