package host

import (
	"bytes"
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
	"github.com/tetratelabs/wazero"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/internal/gofiles"
)

// guest is the module that the tests run, and compiled has its machine code. Both take long to make, so they are made once.
var (
	guest    string
	compiled wazero.CompilationCache
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "edgespan-host")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	compiled = wazero.NewCompilationCache()
	guest = filepath.Join(dir, "main.wasm")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", guest, "./testguest/main")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the guest: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// patience is how long a test waits for something that must happen: far longer than a busy machine takes.
const patience = 60 * time.Second

// fixture is a running host with its output.
type fixture struct {
	t      *testing.T
	host   *Host
	url    string
	stdout *output
	stderr *output
}

// start runs the guest with the manifest.
func start(t *testing.T, toml string, change ...func(*Config)) *fixture {
	t.Helper()
	gofiles.Read(t, "testguest")
	m, err := manifest.Parse(toml, t.TempDir())
	require.NoError(t, err)
	f := &fixture{t: t, stdout: &output{}, stderr: &output{}}
	cfg := Config{Wasm: guest, Manifest: m, shared: compiled, Stdout: f.stdout, Stderr: f.stderr}
	for _, c := range change {
		c(&cfg)
	}
	f.host, err = New(cfg)
	require.NoError(t, err)
	f.stderr.clear() // the notice of how long compiling took
	server := httptest.NewUnstartedServer(nil)
	server.Config, server.Listener = f.host.Server(), f.host.Listener(server.Listener)
	server.Start()
	f.url = server.URL
	t.Cleanup(func() {
		server.Close()
		assert.NoError(t, f.host.Close())
	})
	return f
}

// get returns the response and its body.
func (f *fixture) get(path string) (*http.Response, string) {
	f.t.Helper()
	resp, err := http.Get(f.url + path)
	require.NoError(f.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(f.t, err)
	return resp, string(body)
}

// body returns only the body.
func (f *fixture) body(path string) string {
	f.t.Helper()
	_, body := f.get(path)
	return body
}

// eventually waits until the text is printed.
func (o *output) eventually(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(o.String(), text) }, patience, 10*time.Millisecond,
		"waiting for %q in:\n%s", text, o)
}

// output is a buffer that can be read while it is written.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) clear() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf.Reset()
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// backend is a [local_server.backends] entry.
func backend(name, url string) string {
	return fmt.Sprintf("[local_server.backends.%s]\nurl = %q\n", name, url)
}

const declared = "[setup.log_endpoints.declared]\n"
