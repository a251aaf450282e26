// Package logtail tests that `edgespan view` and `edgespan ship` read the output of the real `fastly log-tail`. A fake of
// Fastly's API provides what the service has printed. FASTLY_CLI is the path of the CLI; `make test-cli` installs it and sets
// the variable.
package logtail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

const (
	service = "SU1Z0isxPaozGVKXdv0eY"
	span    = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET /","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001500000"}]}]}]}`
)

// fakeAPI answers log-tail's requests: the first with the output, later ones with nothing.
type fakeAPI struct {
	mu   sync.Mutex
	told bool
}

func (a *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
		fmt.Fprint(w, "{}")
	case r.Method == http.MethodPost:
		fmt.Fprint(w, `{"status":"ok"}`)
	default:
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?from=%d>; rel="next"`, r.Host, r.URL.Path, time.Now().Unix()))
		if a.told {
			time.Sleep(100 * time.Millisecond)
			return
		}
		a.told = true
		var logs []any
		for i, l := range [][2]string{{"stdout", "starting"}, {"stdout", span}, {"stderr", "panic: {\nreally}"}} {
			logs = append(logs, map[string]any{"sequence_number": i, "request_start_us": 1700000000000000, "stream": l[0], "id": "1b4f3c2a-0000", "message": l[1]})
		}
		text, _ := json.Marshal(map[string]any{"batch_id": "b", "logs": logs})
		fmt.Fprintf(w, "%s\n", text)
	}
}

// tail returns the output of log-tail, which runs until it is stopped.
func tail(t *testing.T, args ...string) string {
	t.Helper()
	cli := os.Getenv("FASTLY_CLI")
	require.NotEmpty(t, cli, "FASTLY_CLI must name the Fastly CLI: `make test-cli` installs it and runs this")
	api := httptest.NewServer(&fakeAPI{})
	t.Cleanup(api.Close)
	home := t.TempDir()
	cmd := exec.Command(cli, append([]string{"log-tail", "--service-id=" + service, "--non-interactive"}, args...)...)
	cmd.Dir = home
	cmd.Env = []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "FASTLY_API_TOKEN=fake-token",
		"FASTLY_API_ENDPOINT=" + api.URL, "FASTLY_ACCOUNT_ENDPOINT=" + api.URL,
	}
	cmd.Stderr = os.Stderr
	child.EndWithParent(cmd)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	text := make(chan string, 1)
	go func() {
		var all bytes.Buffer
		piece := make([]byte, 4096)
		for !strings.Contains(all.String(), "really}\n") {
			n, err := stdout.Read(piece)
			all.Write(piece[:n])
			if err != nil {
				break
			}
		}
		text <- all.String()
	}()
	select {
	case all := <-text:
		t.Logf("%s", all)
		return all
	case <-time.After(time.Minute):
		t.Fatal("log-tail says nothing")
		return ""
	}
}

func build(t *testing.T) string {
	t.Helper()
	command := filepath.Join(t.TempDir(), "edgespan")
	out, err := exec.Command("go", "build", "-o", command, "github.com/edgespan/edgespan/cmd/edgespan").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return command
}

func run(t *testing.T, stdin, command string, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(command, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	require.NoError(t, cmd.Run(), "%s", &errs)
	return out.String(), errs.String()
}

func TestLogTail(t *testing.T) {
	command := build(t)
	var body []byte
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		fmt.Fprint(w, "{}")
	}))
	defer receiver.Close()
	for _, args := range [][]string{nil, {"--timestamps"}} {
		text := tail(t, args...)
		out, errs := run(t, text, command, "view", "--utc")
		assert.Contains(t, out, "GET /  1.50ms  1 span")
		assert.Contains(t, errs, "starting", "other lines pass through")
		assert.Contains(t, errs, "really}")

		out, _ = run(t, text, command, "ship", "-o", receiver.URL, "--compression", "none")
		assert.Regexp(t, `spans +1 sent\n`, out)
		assert.JSONEq(t, span, string(body))
	}
}
