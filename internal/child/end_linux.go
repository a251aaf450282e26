package child

import (
	"os/exec"
	"syscall"
)

// EndWithParent has the kernel end the process of cmd, which has not started yet, with the one that starts it: nothing outlives a
// run that was killed, as 'go test' kills one that takes too long. Elsewhere than on Linux it does nothing.
func EndWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
