package recipes

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

// fakeAPI is a running e2e/fakefastly, which prints a line for each request.
type fakeAPI struct {
	url   string
	lines chan string
}

func startAPI(t *testing.T, dir string) *fakeAPI {
	t.Helper()
	binary := filepath.Join(dir, "fakefastly")
	out, err := exec.Command("go", "build", "-o", binary, "../fakefastly").CombinedOutput()
	require.NoError(t, err, "%s", out)
	cmd := exec.Command(binary, "-token="+token)
	child.EndWithParent(cmd)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range lines { // its pipe has to be read to its end before Wait closes it
		}
		_ = cmd.Wait()
	})
	return &fakeAPI{url: "http://" + <-lines, lines: lines}
}

// await returns the next line that matches, and skips the lines before it.
func (api *fakeAPI) await(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	timeout := time.After(time.Minute)
	for {
		select {
		case line, ok := <-api.lines:
			require.True(t, ok, "the fake of Fastly's API has ended")
			require.NotContains(t, line, "UNKNOWN", "the fake API does not know this request")
			if re.MatchString(line) {
				return line
			}
		case <-timeout:
			require.Fail(t, "Fastly's API was not asked for it", pattern)
		}
	}
}

func (api *fakeAPI) ask(t *testing.T, method, path, contentType string, body io.Reader) []byte {
	t.Helper()
	req, err := http.NewRequest(method, api.url+path, body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Fastly-Key", token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s %s: %s", method, path, answer)
	return answer
}
