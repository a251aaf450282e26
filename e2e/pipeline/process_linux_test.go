package pipeline

import (
	"os/exec"
	"syscall"
)

// endWithParent lets no process outlive a run that was killed, as 'go test' kills one that takes too long.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
