package sockerr

import "syscall"

// https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2
const (
	inUse   = syscall.Errno(10048) // WSAEADDRINUSE
	refused = syscall.Errno(10061) // WSAECONNREFUSED
	noHost  = syscall.Errno(10065) // WSAEHOSTUNREACH
	noNet   = syscall.Errno(10051) // WSAENETUNREACH
	reset   = syscall.WSAECONNRESET
	closed  = syscall.WSAECONNABORTED
)
