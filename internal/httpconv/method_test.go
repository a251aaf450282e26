package httpconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMethod(t *testing.T) {
	for _, known := range []string{"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"} {
		assert.Equal(t, known, Method(known, nil))
	}
	assert.Equal(t, "GET", Method("", nil))
	for _, other := range []string{"get", "PURGE", "GET ", "\x00", "_OTHER"} {
		assert.Equal(t, OtherMethod, Method(other, nil), "%q", other)
	}
}

func TestSpanName(t *testing.T) {
	assert.Equal(t, "GET", SpanName("GET", ""))
	assert.Equal(t, "GET /items/{id}", SpanName("GET", "/items/{id}"))
	assert.Equal(t, "HTTP", SpanName(OtherMethod, ""))
	assert.Equal(t, "HTTP /items/{id}", SpanName(OtherMethod, "/items/{id}"))
}

// As the conventions ask, a user's list replaces their own list.
func TestKnownMethods(t *testing.T) {
	known := []string{"GET", "PURGE"}
	assert.Equal(t, "PURGE", Method("PURGE", known))
	assert.Equal(t, "GET", Method("", known))
	assert.Equal(t, OtherMethod, Method("POST", known))
	assert.Equal(t, OtherMethod, Method("purge", known))
}

func TestPatternPath(t *testing.T) {
	for pattern, want := range map[string]string{
		"": "", "/": "/", "/a": "/a", "GET /a": "/a", "h/a": "/a", "GET h.example/a/{b...}": "/a/{b...}", "h": "",
	} {
		assert.Equal(t, want, PatternPath(pattern), pattern)
	}
}
