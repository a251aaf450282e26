package child

import (
	"os/exec"
	"syscall"
)

// EndWithParent makes the kernel end the process of cmd when the process that starts it ends. Call it before cmd starts. So no
// process outlives a run that was killed, as 'go test' kills a run that takes too long. On systems other than Linux it does
// nothing.
func EndWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
