//go:build !js && !tinygo

package fault

import "os"

func writeStderr(line []byte) { _, _ = os.Stderr.Write(line) }
