package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// host is the Compute host that the whole run is about.
var host computeHost

// computeHost runs a compiled service and prints each write to a log endpoint as "name :: line" on its stdout.
type computeHost struct {
	name    string
	command func(manifest, wasm string) (*exec.Cmd, error)
	ready   *regexp.Regexp // finds the address in a line of its output
}

func newHost(name string) (computeHost, error) {
	switch name {
	case "", "local":
		return computeHost{"local", localCommand, regexp.MustCompile(`^Listening on http://(\S+)$`)}, nil
	case "viceroy":
		path, err := findViceroy()
		return computeHost{"viceroy", viceroyCommand(path), regexp.MustCompile(`INFO Listening on http://(\S+)$`)}, err
	}
	return computeHost{}, fmt.Errorf("EDGESPAN_E2E_HOST is %q; it may be local or viceroy", name)
}

// localCommand builds 'edgespan serve' when it is first needed.
func localCommand(manifest, wasm string) (*exec.Cmd, error) {
	path, err := buildEdgespan()
	return exec.Command(path, "serve", "--manifest", manifest, "--wasm", wasm, "--addr", "127.0.0.1:0", "--cache-dir", cacheDir()), err
}

// cacheDir keeps the guests' compiled code apart from that of your own services, which it would drive out.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "edgespan", "compiled-e2e")
}

var buildEdgespan = sync.OnceValues(func() (string, error) {
	path := dir + "/edgespan"
	return path, goBuild(path, "./cmd/edgespan", nil)
})

func viceroyCommand(path string) func(manifest, wasm string) (*exec.Cmd, error) {
	return func(manifest, wasm string) (*exec.Cmd, error) {
		cmd := exec.Command(path, "serve", "-C", manifest, "--addr", "127.0.0.1:0", wasm)
		// It tells which port it took at a level that tells too much elsewhere.
		cmd.Env = append(os.Environ(), "RUST_LOG=viceroy=error,viceroy_lib=error,viceroy_lib::service=info")
		return cmd, nil
	}
}

// viceroyVersion is the one whose behaviour the suite knows.
const viceroyVersion = "viceroy 0.22.0"

func findViceroy() (string, error) {
	path := os.Getenv("VICEROY")
	if path == "" {
		found, err := exec.LookPath("viceroy")
		if err != nil {
			return "", errors.New("no viceroy on PATH, and VICEROY is not set: VICEROY=$(scripts/install-viceroy.sh) sees to it")
		}
		path = found
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", path, err)
	}
	if version := strings.TrimSpace(string(out)); version != viceroyVersion {
		return "", fmt.Errorf("%s is %q; the suite is about %q", path, version, viceroyVersion)
	}
	return path, nil
}

// onLocal and onViceroy run what is true of one host only. why is for whoever reads the test, and shown with -v.
func onLocal(t *testing.T, why string, f func())   { t.Helper(); onHost(t, "local", why, f) }
func onViceroy(t *testing.T, why string, f func()) { t.Helper(); onHost(t, "viceroy", why, f) }

func onHost(t *testing.T, name, why string, f func()) {
	t.Helper()
	if host.name == name {
		t.Logf("only on %s: %s", name, why)
		f()
	}
}
