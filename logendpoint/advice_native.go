//go:build !wasip1

package logendpoint

// advice ends the error of a write that no host takes.
const advice = " where a program runs natively, which has no log endpoints: take tracetest.NewExporter in tests, for logs any io.Writer, and in programs what docs/native.md has"
