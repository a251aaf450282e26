//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// aside makes a command one that ctrlC reaches alone.
func aside(cmd *exec.Cmd) *exec.Cmd { return cmd }

// ctrlC interrupts a command, if it has not ended.
func ctrlC(_ *testing.T, cmd *exec.Cmd) { _ = cmd.Process.Signal(os.Interrupt) }

// stop is what a service manager sends.
func stop(_ *testing.T, cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGTERM) }
