package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
)

// asCommand makes the test's binary behave as the command itself, so that tests can start it as a process.
const asCommand = "EDGESPAN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestHelp(t *testing.T) {
	help := func(args ...string) (string, int) {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	for _, args := range [][]string{nil, {"view"}, {"ship"}} {
		want, _ := help(append(args, "--help")...)
		got, code := help(append([]string{"help"}, args...)...)
		assert.Equal(t, want, got)
		assert.Zero(t, code)
	}
	out, code := help("help", "bogus")
	assert.Contains(t, out, "unexpected argument bogus")
	assert.Equal(t, exitUsage, code)
}
