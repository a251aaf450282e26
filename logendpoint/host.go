package logendpoint

import (
	"errors"
	"io"

	"github.com/fastly/compute-sdk-go/rtlog"
)

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

// writerTo returns a function that writes to the log endpoint with this name. It adds the name to errors, since the host's
// error is only a status that does not say which endpoint failed.
func writerTo(name string) writeFunc {
	out := rtlog.Open(name)
	return func(p []byte) (int, error) {
		n, err := out.Write(p)
		if err != nil {
			err = errors.New("logendpoint: " + name + ": " + err.Error() + advice)
		}
		return n, err
	}
}
