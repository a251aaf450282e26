package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// remote is a service whose tracing is configured by the documents of two config stores. One of the stores is a file.
var remote = &service{name: "remote", pkg: "./e2e/guests/remote", local: `
[local_server.config_stores.tracing]
format = "inline-toml"
[local_server.config_stores.tracing.contents]
nothing = '{}'
ratio0 = '{"ratio": 0}'
routes = '{"ratio": 0, "routes": {"/routes/much": 1, "POST /routes/post": 1}}'
slow = '{"ratio": 0, "keep": {"slower_than_ms": 2000}}'
errors = '{"ratio": 0, "keep": {"errors": true}}'
rules = '{"ratio": 1e-9, "keep": {"rules": [{"status": [404, "5xx"], "route": "/rules/a"}, {"attribute": "http.request.header.x-debug", "equals": "7f3a"}]}, "request_headers": ["x-debug"]}'
headers = '{"request_headers": ["x-asked", "authorization"], "response_headers": ["x-answer"]}'
off = '{"off": true, "keep": {"errors": true}}'
malformed = '{"ratio": 0, "keep": {"slower_than_ms": "300"}}'
typo = '{"ratoi": 0}'
nojson = 'ratio=0'
[local_server.config_stores.changing]
format = "json"
file = "DIR/changing.json"
`}

func init() { services = append(services, remote) }

// useRemote starts the service with a document in the store that is a file.
func useRemote(t *testing.T) *service {
	t.Helper()
	if remote.proc == nil {
		changing(t, `{"ratio": 0}`)
	}
	return remote.use(t)
}

func changing(t *testing.T, document string) {
	t.Helper()
	text, err := json.Marshal(map[string]string{"changes": document})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(dir+"/changing.json", text, 0o600))
}

// TestRemoteConfig checks the effect of each document. The compiled-in settings sample every request.
func TestRemoteConfig(t *testing.T) {
	useRemote(t)
	for path, traced := range map[string]bool{
		"/nothing/": true, "/absent/": true,
		"/ratio0/": false, "/ratio0/?status=500": false,
		"/routes/much": true, "/routes/little": false, "/routes/post": false,
		"/slow/": false, "/slow/?ms=2100": true,
		"/errors/?status=404": false, "/errors/?status=503": true,
		"/rules/a?status=404": true, "/rules/a?status=502": true, "/rules/a": false, "/rules/b?status=404": false,
	} {
		r := remote.get(t, path)
		if !traced {
			remote.noSpans(r.trace)
			continue
		}
		spans := remote.spans(t, r.trace, 2)
		spans.nest(t)
		assert.Equal(t, r.span, spans.server(t).ParentSpanID, path)
	}
	r := remote.send(t, "POST", "/routes/post", nil)
	assert.Equal(t, "POST /routes/post", remote.spans(t, r.trace, 2).server(t).Name)
	r = remote.get(t, "/rules/b", header("X-Debug", "7f3a"))
	server := remote.spans(t, r.trace, 2).server(t)
	assert.Equal(t, []string{"7f3a"}, server.attribute("http.request.header.x-debug"))
	assert.Regexp(t, `^ot=th:0(;|$)`, server.SpanContext.TraceState.String(), "its probability is 1: it was kept by a rule")
}

func TestRemoteHeaders(t *testing.T) {
	useRemote(t)
	sent := []string{"X-Asked", "why", "Authorization", "Bearer secret", "X-Compiled", "in"}
	captured := func(path string) map[string]any {
		r := remote.get(t, path, header(sent[0], sent[1]), header(sent[2], sent[3]), header(sent[4], sent[5]))
		got := map[string]any{}
		for key, value := range remote.spans(t, r.trace, 2).server(t).attributes() {
			if strings.Contains(key, ".header.") {
				got[key] = value
			}
		}
		return got
	}
	assert.Equal(t, map[string]any{"http.request.header.x-compiled": []string{"in"}}, captured("/nothing/"))
	assert.Equal(t, map[string]any{
		"http.request.header.x-asked":       []string{"why"},
		"http.request.header.authorization": []string{"REDACTED"},
		"http.response.header.x-answer":     []string{"42"},
	}, captured("/headers/"))
}

// If tracing is off, the handler gets the unchanged request.
func TestRemoteOff(t *testing.T) {
	useRemote(t)
	r := remote.get(t, "/off/?status=500")
	assert.Equal(t, "false 1 "+r.traceparent()+"\n", r.body)
	remote.noSpans(r.trace)
}

// Each sandbox reports a mistake in a document once, with the field. The compiled-in settings apply.
func TestRemoteMistakes(t *testing.T) {
	useRemote(t)
	for key, complaint := range map[string]string{
		"malformed": `remoteconfig: "malformed": keep.slower_than_ms: want a number from 0 to 86400000, got "300"; the compiled-in settings apply`,
		"typo":      `remoteconfig: "typo": ratoi: unknown field; the fields are comment, off, ratio, routes, keep, request_headers, response_headers; the compiled-in settings apply`,
		"nojson":    `remoteconfig: "nojson": the document: not JSON: `,
		"nostore":   `remoteconfig: "nostore": config store "none": config store not found; the previous settings stay`,
	} {
		t.Run(key, func(t *testing.T) {
			sandboxes := map[string]bool{}
			for range 6 {
				r := remote.get(t, "/"+key+"/")
				assert.Contains(t, r.body, "true 1 ", "read once")
				remote.spans(t, r.trace, 2)
				sandboxes[r.Header.Get("X-Sandbox")] = true
				settle()
			}
			said := func() int { return strings.Count(remote.proc.said(), "edgespan: "+complaint) }
			assert.Eventually(t, func() bool { return said() == len(sandboxes) }, patience, 10*time.Millisecond,
				"%d sandboxes, and %d complaints:\n%s", len(sandboxes), said(), remote.proc.said())
		})
	}
	assert.NotContains(t, remote.proc.said(), "absent", "a missing document is not an error")
}

// TestRemoteRefresh changes the document between two requests of one sandbox.
func TestRemoteRefresh(t *testing.T) {
	useRemote(t)
	changing(t, `{"ratio": 0}`)
	for range 50 {
		one := remote.get(t, "/changes/")
		remote.noSpans(one.trace)
		settle()
		onLocal(t, "Viceroy reads the file when it starts", func() { changing(t, `{"ratio": 1}`) })
		two := remote.get(t, "/changes/")
		onLocal(t, "the file has changed", func() { remote.spans(t, two.trace, 2) })
		onViceroy(t, "the file is as it was", func() { remote.noSpans(two.trace) })
		changing(t, `{"ratio": 0}`)
		if one.Header.Get("X-Sandbox") == two.Header.Get("X-Sandbox") {
			var before, after int
			var traced bool
			_, err := fmt.Sscan(one.body, &traced, &before)
			require.NoError(t, err)
			_, err = fmt.Sscan(two.body, &traced, &after)
			require.NoError(t, err)
			assert.Greater(t, after, before, "read again")
			return
		}
		settle()
	}
	require.Fail(t, "in 50 attempts, no two requests had the same sandbox")
}
