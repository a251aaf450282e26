package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// root is the repository's, from the directory in which go test runs.
const root = ".."

// buildGuest compiles a service as the example's manifest does, and returns the file.
func buildGuest(name, pkg, tags string) (string, error) {
	out := filepath.Join(dir, name+".wasm")
	args := []string{"-trimpath", "-ldflags=-s -w"}
	if tags != "" {
		args = append(args, "-tags="+tags)
	}
	return out, goBuild(out, pkg, []string{"GOOS=wasip1", "GOARCH=wasm"}, args...)
}

func goBuild(out, pkg string, env []string, args ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-o", out}, args...), pkg)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	return nil
}
