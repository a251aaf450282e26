package workers

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/e2e/workers/host"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The example Worker is built with the command in its wrangler.toml, and has the bindings that are listed there.
func TestExample(t *testing.T) {
	const dir = "../../workers/example"
	text, err := os.ReadFile(dir + "/wrangler.toml")
	require.NoError(t, err)
	manifest := string(text)
	one := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(manifest)
		require.NotNil(t, m, pattern)
		return m[1]
	}
	command := exec.Command("bash", "-c", one(`(?m)^command = "(.*)"$`))
	command.Dir = dir
	command.Env = append(os.Environ(), "GOWORK=") // the workspace, in which the modules of the repository find each other
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	main := one(`(?m)^main = "(.*)"$`)
	require.FileExists(t, filepath.Join(dir, main))

	s := start(t, map[string]string{"OTEL_SERVICE_NAME": one(`OTEL_SERVICE_NAME = "(.*)"`), "PRICES_URL": "http://127.0.0.1:1"}, func(c *host.Config) {
		c.Build, c.Entry = filepath.Join(dir, filepath.Dir(main)), ""
		c.Options = map[string]any{
			"bindings":          c.Options["bindings"],
			"compatibilityDate": one(`(?m)^compatibility_date = "(.*)"$`),
			"kvNamespaces":      []string{one(`binding = "(ITEMS)"`)},
		}
	})
	req, err := http.NewRequest("PUT", s.Host.URL+"/items/7", strings.NewReader("a lamp"))
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 201, resp.StatusCode)
	check(t, s.arrived(t), []want{{"put ITEMS", trace.SpanKindClient, m{"cloudflare.kv.query.payload.size": "6"}, false}})

	_, body := s.get(t, "/items/7")
	assert.JSONEq(t, `{"name":"a lamp"}`, body)
	spans := s.arrived(t)
	check(t, spans, []want{
		{"get ITEMS", trace.SpanKindClient, m{"db.response.returned_rows": "1"}, false},
		{"GET", trace.SpanKindClient, m{"server.port": "1", "error.type": "*"}, true}, // nobody listens there, so the response has no price
		{"render", trace.SpanKindInternal, nil, false},
	})
	assert.Equal(t, "GET /items/{id}", spans[0].Name)

	resp, _ = s.get(t, "/items/8")
	assert.Equal(t, 404, resp.StatusCode)
	check(t, s.arrived(t), []want{{"get ITEMS", trace.SpanKindClient, m{"db.response.returned_rows": "0"}, false}})
}
