// Package lockfile lets only one process at a time hold a file, on systems that support it.
package lockfile

import "os"

// Take opens the file with this name, and makes it if it does not exist. No other process can take the file until it is closed
// or the process ends, however it ends. Take returns nil if another process has the file.
func Take(name string) (*os.File, error) { return take(name) }

// Excludes reports whether Take keeps other processes out. If the system cannot do that, Take only opens the file.
const Excludes = excludes
