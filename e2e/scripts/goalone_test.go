package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goAlone runs a bash script with scripts/go-alone.sh.
func goAlone(t *testing.T, script string) (string, error) {
	tmp := t.TempDir()
	cmd := exec.Command("../../scripts/go-alone.sh", "bash", "-c", script)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.CombinedOutput()
	left, readErr := os.ReadDir(tmp)
	require.NoError(t, readErr)
	assert.Empty(t, left, "the directory of links is removed")
	return string(out), err
}

func TestGoAloneHasWhatTestsMayCall(t *testing.T) {
	out, err := goAlone(t, `set -e; go version; make --version; sh -c :; env bash -c :`)
	assert.NoError(t, err, out)

	main := filepath.Join(t.TempDir(), "main")
	require.NoError(t, os.WriteFile(main+".c", []byte("int main(void) { return 0; }\n"), 0o600))
	out, err = goAlone(t, `set -e; $(go env CC) -o `+main+` `+main+`.c; `+main)
	assert.NoError(t, err, out)
	assert.NotContains(t, out, "go-alone.sh")
}

func TestGoAloneHasNothingElse(t *testing.T) {
	for _, name := range []string{"awk", "cat", "curl", "git", "ls", "mktemp", "node", "python3", "sleep", "timeout"} {
		out, err := goAlone(t, name+` --version; exec env `+name)
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, name)
		assert.Equal(t, 127, exit.ExitCode(), "the command's own")
		assert.Contains(t, out, name+": command not found")
		assert.Contains(t, out, "Its PATH had only these programs: ")
		assert.Contains(t, out, "make run and make test must need only Go.")
	}
}

// toolRecorder stands for any tool that .ci/run calls. It prints what the script expects. As make it records its target and its
// PATH.
const toolRecorder = `#!/bin/bash
case $0 in
*/make) echo "$1 $PATH" >>"$RECORD" ;;
*/node) echo v20.0.0 ;;
esac
`

func TestCIHoldsRunAndTestToGoAlone(t *testing.T) {
	bin := t.TempDir()
	for _, tool := range []string{"make", "cc", "curl", "git", "awk", "node", "npm", "chromium", "java", "mvn", "cargo"} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, tool), []byte(toolRecorder), 0o700))
	}
	record := filepath.Join(t.TempDir(), "record")
	cmd := exec.Command("../../.ci/run")
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "RECORD="+record)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(record)
	require.NoError(t, err)
	targets := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		target, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		targets[target] = true
		alone := !strings.Contains(path, bin)
		assert.Equal(t, target == "run" || target == "test", alone, line)
	}
	for _, target := range []string{"check", "run", "test", "test-viceroy", "test-cli"} {
		assert.True(t, targets[target], target)
	}
}
