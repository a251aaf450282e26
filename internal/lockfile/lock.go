// Package lockfile has one process at a time hold a file, where the system can.
package lockfile

import "os"

// Take returns a file of that name, made where there is none, that nobody else can take until it is closed or the process ends in any way.
// It is nil where somebody else has it.
func Take(name string) (*os.File, error) { return take(name) }

// Excludes tells whether Take keeps others out. Where the system can not, it is a file as any.
const Excludes = excludes
