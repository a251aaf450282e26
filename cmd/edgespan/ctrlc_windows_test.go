package main

import (
	"os/exec"
	"syscall"
	"testing"
)

// aside makes a command one that ctrlC reaches alone.
func aside(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	return cmd
}

var generateConsoleCtrlEvent = syscall.NewLazyDLL("kernel32.dll").NewProc("GenerateConsoleCtrlEvent")

// ctrlC is Ctrl-Break, which goes to a group of processes and to a program is the same.
func ctrlC(t *testing.T, cmd *exec.Cmd) {
	if ok, _, err := generateConsoleCtrlEvent.Call(syscall.CTRL_BREAK_EVENT, uintptr(cmd.Process.Pid)); ok == 0 {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Skip(err) // there is no console, as with wine
	}
}

// stop stands for the closing of the window, which no other process can ask for.
func stop(t *testing.T, cmd *exec.Cmd) { ctrlC(t, cmd) }
