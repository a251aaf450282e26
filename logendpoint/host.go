package logendpoint

import "io"

// writeFunc is the Write method of an io.Writer. It is not an io.Writer, because TinyGo would link every Write method of the
// program.
type writeFunc func(p []byte) (int, error)

// line writes a line, and returns an error unless all of it was written.
func (w writeFunc) line(p []byte) error {
	n, err := w(p)
	if err == nil && n < len(p) {
		return io.ErrShortWrite
	}
	return err
}
