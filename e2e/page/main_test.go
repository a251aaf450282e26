package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPage(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "service "+r.URL.Path) }))
	t.Cleanup(service.Close)
	target, err := url.Parse(service.URL)
	require.NoError(t, err)
	var lines bytes.Buffer
	s := httptest.NewServer(handler("../../browser", target, &lines))
	t.Cleanup(s.Close)

	for path, want := range map[string]string{
		"/": `src="main.mjs"`, "/main.mjs": "/edgespan/index.mjs", "/edgespan/index.mjs": "export function initTracer", "/api/items/7": "service /api/items/7",
	} {
		resp, err := http.Get(s.URL + path)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		_ = resp.Body.Close()
		assert.Contains(t, string(body), want, path)
		assert.Equal(t, policy, resp.Header.Get("Content-Security-Policy"))
	}
	resp, err := http.Post(s.URL+"/v1/traces", "application/json", strings.NewReader("{\n}"))
	require.NoError(t, err)
	_ = resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "{ }\n", lines.String())
}
