//go:build !wasip1

package logendpoint

// advice is appended to the error of a native write, since a native program has no log endpoints.
const advice = ": a native program has no log endpoints; use tracetest.NewExporter in tests, any io.Writer for logs, and see docs/native.md for programs"
