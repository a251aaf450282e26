//go:build !((darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows) && !tinygo)

package lockfile

import "os"

const excludes = false

func take(name string) (*os.File, error) { return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600) }
