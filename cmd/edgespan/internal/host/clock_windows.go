package host

import (
	"syscall"
	"time"
	"unsafe"
)

var preciseTime = syscall.NewLazyDLL("kernel32.dll").NewProc("GetSystemTimePreciseAsFileTime")

// walltime returns the time of day. time.Now is exact to some milliseconds on Windows, and most spans are shorter than that.
func walltime() (seconds int64, nanos int32) {
	var at syscall.Filetime
	preciseTime.Call(uintptr(unsafe.Pointer(&at)))
	now := at.Nanoseconds()
	return now / int64(time.Second), int32(now % int64(time.Second))
}
