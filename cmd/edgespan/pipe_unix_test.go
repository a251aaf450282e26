//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// interrupt starts the command, sends it a number of Ctrl-C, and returns what it said before it ended by itself.
func interrupt(t *testing.T, cmd *exec.Cmd, times int) (stderr string, code int) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	time.Sleep(500 * time.Millisecond) // until it listens to signals
	for range times {
		_ = cmd.Process.Signal(os.Interrupt)
		time.Sleep(100 * time.Millisecond)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		t.Errorf("%q goes on", cmd.Args[1:])
		<-ended
	}
	return errs.String(), cmd.ProcessState.ExitCode()
}

// A pipe that has said nothing, and one that nobody writes to, are no reason not to end.
func TestCtrlCEndsTheWaitForAPipe(t *testing.T) {
	t.Parallel()
	silent, w, err := os.Pipe()
	require.NoError(t, err)
	defer silent.Close()
	defer w.Close()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	const notOpen = ": stopped before it was open\n"

	cmd := shipProcess(nil, "--dry-run")
	cmd.Stdin = silent
	errs, code := interrupt(t, cmd, 2)
	assert.Contains(t, errs, "stopped before the end")
	assert.Equal(t, 1, code)

	errs, code = interrupt(t, shipProcess(nil, "--dry-run", pipe), 1)
	assert.Contains(t, errs, notOpen)
	assert.Equal(t, 1, code)

	errs, code = interrupt(t, viewProcess(t, pipe), 1)
	assert.Contains(t, errs, notOpen)
	assert.Equal(t, 1, code)

	// Here it waits for a reader, after the end of what it reads.
	require.NoError(t, os.WriteFile(pipe+".jsonl", []byte(viewLine), 0o600))
	_, code = interrupt(t, viewProcess(t, "--html", pipe, pipe+".jsonl"), 2)
	assert.Equal(t, -1, code, "the second signal ends whatever it does")
}
