// Package handler builds the handlers that command size measures and command viceroy times. A name is that of a directory below
// bench/size/handlers, or the path of a Go file.
package handler

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

const root = "github.com/edgespan/edgespan/bench/size/handlers/"

// Go builds a handler with the Go toolchain, stripped, and writes it to out.
func Go(out, name string) error { return goBuild("wasip1", out, name) }

// TinyGo builds a handler with TinyGo, without debug data, and writes it to out.
func TinyGo(out, name string) error { return tinyGoBuild("wasip1", out, name) }

// TinyGoTold is TinyGo with a wasm-opt that has been told that host calls return.
func TinyGoTold(out, name string) error {
	return tinyGoBuild("wasip1", out, name, "WASMOPT="+filepath.Join(folder(), "../../../scripts/wasm-opt-tinygo.sh"))
}

// WorkersGo builds a Cloudflare Worker with the Go toolchain, stripped, and writes it to out.
func WorkersGo(out, name string) error { return goBuild("js", out, name) }

// WorkersTinyGo builds a Cloudflare Worker with TinyGo, without debug data, and writes it to out.
func WorkersTinyGo(out, name string) error { return tinyGoBuild("wasm", out, name) }

func goBuild(system, out, name string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, target(name))
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=wasm")
	return run(cmd)
}

func tinyGoBuild(system, out, name string, env ...string) error {
	cmd := exec.Command("tinygo", "build", "-target="+system, "-no-debug", "-o", out, target(name))
	cmd.Env = append(os.Environ(), env...)
	return run(cmd)
}

func target(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return root + name
}

// folder returns the directory of this file.
func folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}

// run runs a command in the module of this file, wherever the program was started.
func run(cmd *exec.Cmd) error {
	cmd.Dir = folder()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
