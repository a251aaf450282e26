package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// root is the path of the repository, relative to the directory in which go test runs.
const root = ".."

// buildGuest compiles a service with the command of the example's manifest, and returns the file's path.
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
