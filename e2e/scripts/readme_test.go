package scripts

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

// If you follow README.md in an empty directory, you see a trace. The test uses README's program, fastly.toml and commands.
func TestReadmeFromAnEmptyFolder(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, section, _ := strings.Cut(string(text), "\n## Trace your service\n")
	section, _, _ = strings.Cut(section, "\n## ")
	first := func(pattern string) string {
		m := regexp.MustCompile("(?ms)" + pattern).FindStringSubmatch(section)
		require.NotNil(t, m, pattern)
		return m[1]
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	folder := t.TempDir()
	shop := filepath.Join(folder, "shop")
	require.NoError(t, os.Mkdir(shop, 0o700))
	require.NoError(t, os.Symlink(root, filepath.Join(folder, "edgespan")))
	require.NoError(t, os.WriteFile(filepath.Join(shop, "main.go"), []byte(first("^```go\n(.*?)^```$")), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(shop, "fastly.toml"), []byte(first("^```toml\n(.*?)^```$")), 0o600))

	run := func(script string) *exec.Cmd {
		cmd := exec.Command("bash", "-euo", "pipefail", "-c", script)
		cmd.Dir = shop
		cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":"+filepath.Join(root, "bin"))
		return cmd
	}
	script := first("`(go mod init shop)`")
	for _, m := range regexp.MustCompile(`(?m)^    ((?:go|GOOS=).*)$`).FindAllStringSubmatch(section, -1) {
		script += "\n" + m[1]
	}
	out, err := run(script).CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)

	var lines bytes.Buffer
	serve := run("exec edgespan serve --addr 127.0.0.1:0 --no-cache")
	serve.Stdout = &lines
	child.EndWithParent(serve)
	said, err := serve.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, serve.Start())
	for stderr := bufio.NewScanner(said); stderr.Scan(); {
		if _, address, found := strings.Cut(stderr.Text(), "Listening on "); found {
			resp, err := http.Get(address)
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, "hello\n", string(body))
			require.NoError(t, serve.Process.Signal(os.Interrupt))
		} else {
			assert.NotContains(t, stderr.Text(), "otlp_logs", "fastly.toml has it")
		}
	}
	require.NoError(t, serve.Wait())

	view := run("edgespan view")
	view.Stdin = &lines
	out, err = view.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Regexp(t, `(?m)^> GET /  \S+  2 spans  shop$`, string(out))
	assert.Contains(t, string(out), "  `- render ")
}
