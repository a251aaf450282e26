//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// interrupt starts the command and sends it one Ctrl-C after another until it ends. It returns stderr and the exit code, which is
// -1 if a signal ended the command.
func interrupt(t *testing.T, cmd *exec.Cmd, listens time.Duration) (stderr string, code int) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	time.Sleep(listens)
	for range 5 {
		ctrlC(t, cmd)
		select {
		case <-ended:
			return errs.String(), cmd.ProcessState.ExitCode()
		case <-time.After(2 * time.Second):
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	t.Errorf("%q goes on", cmd.Args[1:])
	return errs.String(), cmd.ProcessState.ExitCode()
}

// ends is interrupt for a command that must end by itself. If the command does not handle signals yet, it is started again with
// more time.
func ends(t *testing.T, command func() *exec.Cmd) (stderr string) {
	t.Helper()
	for listens := 200 * time.Millisecond; ; listens *= 2 {
		errs, code := interrupt(t, command(), listens)
		if code < 0 && listens < 10*time.Second && !t.Failed() {
			continue
		}
		assert.Equal(t, 1, code)
		return errs
	}
}

// A silent pipe, or a named pipe without a writer, must not keep the command from ending.
func TestCtrlCEndsTheWaitForAPipe(t *testing.T) {
	t.Parallel()
	silent, w, err := os.Pipe()
	require.NoError(t, err)
	defer silent.Close()
	defer w.Close()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	const notOpen = ": stopped before it was open\n"

	assert.Contains(t, ends(t, func() *exec.Cmd {
		cmd := shipProcess(nil, "--dry-run")
		cmd.Stdin = silent
		return cmd
	}), "stopped before the end")
	assert.Contains(t, ends(t, func() *exec.Cmd { return shipProcess(nil, "--dry-run", pipe) }), notOpen)
	assert.Contains(t, ends(t, func() *exec.Cmd { return viewProcess(t, pipe) }), notOpen)

	// Here the command waits for a reader, after the end of its input.
	require.NoError(t, os.WriteFile(pipe+".jsonl", []byte(viewLine), 0o600))
	_, code := interrupt(t, viewProcess(t, "--html", pipe, pipe+".jsonl"), time.Second)
	assert.Equal(t, -1, code, "the second ends it, whatever it does")
}

// On a terminal, somebody who sees lines of JSON probably wants 'edgespan view'. In a pipe the lines are wanted.
func TestServeOnATerminalTellsOfView(t *testing.T) {
	const service = "\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x05\x03\x01\x00\x01" +
		"\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x00" + "\x0a\x04\x01\x02\x00\x0b" // a function that does nothing
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "fastly.toml"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.wasm"), []byte(service), 0o600))
	serve := func(stdout *os.File, args ...string) string {
		cmd := exec.Command(os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0", "--no-cache", "--wasm", "main.wasm"}, args...)...)
		cmd.Env, cmd.Dir, cmd.Stdout = append(os.Environ(), asCommand+"=1"), dir, stdout
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		said := ""
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			said += lines.Text() + "\n"
			if strings.HasPrefix(lines.Text(), "Listening on ") {
				ctrlC(t, cmd)
			}
		}
		require.NoError(t, cmd.Wait(), said)
		return said
	}
	const told = "edgespan serve | edgespan view"
	assert.NotContains(t, serve(nil), told)
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err) // this system has no program of that name
	}
	defer terminal.Close()
	assert.Contains(t, serve(terminal), told)
	assert.NotContains(t, serve(terminal, "--view", "127.0.0.1:0"), told, "there is a page")
}
