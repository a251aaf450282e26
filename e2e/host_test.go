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

// host is the Compute host of this run.
var host computeHost

// computeHost runs a compiled service. It prints each write to a log endpoint on stdout, as "name :: line".
type computeHost struct {
	name    string
	command func(manifest, wasm string) (*exec.Cmd, error)
	ready   *regexp.Regexp // matches the line of the output that has the address
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

// localCommand builds `edgespan serve` when it is first needed.
func localCommand(manifest, wasm string) (*exec.Cmd, error) {
	path, err := buildEdgespan()
	return exec.Command(path, "serve", "--manifest", manifest, "--wasm", wasm, "--addr", "127.0.0.1:0", "--cache-dir", cacheDir()), err
}

// cacheDir returns a directory for the guests' compiled code. It is not the default one, so that the guests do not displace
// your own services there.
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
		// Viceroy logs its port only at this level. The level is lowered for its other modules, which would log too much.
		cmd.Env = append(os.Environ(), "RUST_LOG=viceroy=error,viceroy_lib=error,viceroy_lib::service=info")
		return cmd, nil
	}
}

// viceroyVersion is the version whose behaviour the suite expects.
const viceroyVersion = "viceroy 0.22.0"

func findViceroy() (string, error) {
	path := os.Getenv("VICEROY")
	if path == "" {
		found, err := exec.LookPath("viceroy")
		if err != nil {
			return "", errors.New("no viceroy on PATH, and VICEROY is not set; VICEROY=$(scripts/install-viceroy.sh) installs it and sets the variable")
		}
		path = found
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", path, err)
	}
	if version := strings.TrimSpace(string(out)); version != viceroyVersion {
		return "", fmt.Errorf("%s is %q; the suite needs %q", path, version, viceroyVersion)
	}
	return path, nil
}

// onLocal and onViceroy run f only on one host. why explains the difference to the reader, and is shown with -v.
func onLocal(t *testing.T, why string, f func())   { t.Helper(); onHost(t, "local", why, f) }
func onViceroy(t *testing.T, why string, f func()) { t.Helper(); onHost(t, "viceroy", why, f) }

func onHost(t *testing.T, name, why string, f func()) {
	t.Helper()
	if host.name == name {
		t.Logf("only on %s: %s", name, why)
		f()
	}
}
