package scripts

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMakeHelp(t *testing.T) {
	cmd := exec.Command("make", "--no-print-directory", "help")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "COLUMNS=100")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	at := -1 // the column in which the help texts begin
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		assert.LessOrEqual(t, len(line), 102, line) // … has three bytes
		if m := regexp.MustCompile(`^  [a-z0-9-]+ +`).FindString(line); m != "" {
			if at < 0 {
				at = len(m)
			}
			assert.Len(t, m, at, line)
		}
	}
	assert.Contains(t, string(out), "SERVE_FLAGS")

	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`(?m)^\.PHONY: ([a-z].*)$`).FindAllStringSubmatch(string(makefile), -1) {
		assert.True(t, strings.Contains(string(out), "\n  "+m[1]+" "), "%s has no line", m[1])
	}
}
