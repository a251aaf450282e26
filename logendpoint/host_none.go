//go:build !wasip1 || nofastlyhostcalls

package logendpoint

import "errors"

// writerTo returns a function that refuses every line, since a native program has no log endpoints.
func writerTo(name string) writeFunc {
	return refusal(errors.New("logendpoint: " + name + ": not implemented: a native program has no log endpoints; " +
		"use tracetest.NewExporter in tests, any io.Writer for logs, and see docs/native.md for programs"))
}
