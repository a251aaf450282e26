//go:build !windows

package inputs

import "os"

func openShared(name string) (*os.File, error) { return os.Open(name) }
