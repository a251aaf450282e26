package browser

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

// root is the path of the repository, relative to the directory in which go test runs.
const root = "../.."

// command is the path of the built edgespan.
var command string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "edgespan-browser-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		command = filepath.Join(dir, "edgespan")
		build := exec.Command("go", "build", "-o", command, "./cmd/edgespan")
		build.Dir = root
		build.Env = append(os.Environ(), "GOWORK=")
		if text, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, text)
			return 1
		}
		return m.Run()
	}())
}

// viewer is a running `edgespan view --listen` that reads what a test writes.
type viewer struct {
	io.Writer
	url string
}

func startViewer(t *testing.T, args ...string) *viewer {
	t.Helper()
	cmd := exec.Command(command, append([]string{"view", "--listen", "127.0.0.1:0"}, args...)...)
	child.EndWithParent(cmd)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Traces at ")
	require.True(t, ok, line)
	return &viewer{in, url + "/"}
}

// writePage writes a page with lines to a file, and returns its address.
func writePage(t *testing.T, lines string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "traces.html")
	cmd := exec.Command(command, "view", "--html", file)
	cmd.Stdin = strings.NewReader(lines)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return "file://" + file
}
