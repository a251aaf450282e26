//go:build !js && !tinygo

package trace

import "os"

func writeStderr(line []byte) { _, _ = os.Stderr.Write(line) }
