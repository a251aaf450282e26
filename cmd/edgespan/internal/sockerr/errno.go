//go:build !windows

package sockerr

import "syscall"

const (
	inUse   = syscall.EADDRINUSE
	refused = syscall.ECONNREFUSED
	noHost  = syscall.EHOSTUNREACH
	noNet   = syscall.ENETUNREACH
	reset   = syscall.ECONNRESET
	closed  = syscall.EPIPE
)
