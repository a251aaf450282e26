//go:build !((darwin || dragonfly || freebsd || linux || netbsd || openbsd) && !tinygo)

package filestore

import "os"

const exclusive = false

// lockFile opens the file. On this system it locks nothing.
func lockFile(name string) (*os.File, error) { return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600) }
