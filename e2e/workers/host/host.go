// Package host builds a Worker and runs it in workerd.
package host

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

//go:embed host.mjs
var script string

// Build compiles a Worker with syumai/workers' own tool and the compiler flags in its documentation. dir is a directory in the
// module of the package pkg.
func Build(out, dir, pkg string) error {
	assets := exec.Command("go", "run", "github.com/syumai/workers/cmd/workers-assets-gen", "-mode=go", "-o", out)
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(out, "app.wasm"), pkg)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	for _, cmd := range []*exec.Cmd{assets, build} {
		cmd.Dir = dir
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", cmd, err, text)
		}
	}
	return nil
}

// Config configures a Host.
type Config struct {
	Build   string         `json:"build"`           // the directory that Build has filled
	Entry   string         `json:"entry,omitempty"` // the source of a module that wraps worker.mjs
	Options map[string]any `json:"options"`         // Miniflare's options: bindings, kvNamespaces, …
}

// Host is a running workerd.
type Host struct {
	URL   string
	cmd   *exec.Cmd
	dir   string // a directory for the script and for Miniflare's temporary files
	stdin io.Closer
	ended chan struct{}

	mu       sync.Mutex
	out, err []string
}

// Start starts a Worker. miniflare is the path that scripts/install-miniflare.sh prints.
func Start(miniflare string, config Config) (*Host, error) {
	dir, err := os.MkdirTemp("", "edgespan-host-")
	if err != nil {
		return nil, err
	}
	h, err := start(dir, miniflare, config)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return h, nil
}

func start(dir, miniflare string, config Config) (*Host, error) {
	path := filepath.Join(dir, "host.mjs")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		return nil, err
	}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	h := &Host{cmd: exec.Command("node", path, miniflare, string(text)), dir: dir, ended: make(chan struct{})}
	h.cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	h.cmd.Stderr = os.Stderr
	if h.stdin, err = h.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := h.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go h.read(stdout, ready)
	select {
	case h.URL = <-ready:
		return h, nil
	case <-h.ended:
		_ = h.cmd.Wait()
		return nil, errors.New("workerd has not come up")
	case <-time.After(startTime):
		return nil, errors.Join(fmt.Errorf("workerd is not up after %s", startTime), h.Stop())
	}
}

// startTime and stopTime are much longer than workerd takes on a busy machine.
const (
	startTime = 3 * time.Minute
	stopTime  = time.Minute
)

func (h *Host) read(stdout io.Reader, ready chan<- string) {
	defer close(h.ended)
	s := bufio.NewScanner(stdout)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var line struct{ Ready, Out, Err *string }
		if json.Unmarshal(s.Bytes(), &line) != nil {
			continue
		}
		h.mu.Lock()
		switch {
		case line.Ready != nil:
			ready <- strings.TrimSuffix(*line.Ready, "/")
		case line.Out != nil:
			h.out = append(h.out, *line.Out)
		case line.Err != nil:
			h.err = append(h.err, *line.Err)
		}
		h.mu.Unlock()
	}
}

// Out returns the lines that the Worker has written with console.log so far.
func (h *Host) Out() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.out...)
}

// Err returns the lines that the Worker has written with console.error so far.
func (h *Host) Err() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.err...)
}

// Stop ends workerd and removes its files.
func (h *Host) Stop() error {
	_ = h.stdin.Close()
	select {
	case <-h.ended:
	case <-time.After(stopTime):
		_ = h.cmd.Process.Kill()
		<-h.ended
	}
	return errors.Join(h.cmd.Wait(), os.RemoveAll(h.dir))
}
