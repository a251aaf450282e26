//go:build unix

package ship

import (
	"os"
	"syscall"
)

func idOf(info os.FileInfo) (id fileID) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		id = fileID{uint64(s.Dev), s.Ino}
	}
	return id
}
