package logendpoint

import (
	"errors"
	"io"

	"github.com/fastly/compute-sdk-go/rtlog"
)

// writeFunc is an io.Writer's Write. Behind that interface TinyGo links every Write there is.
type writeFunc func(p []byte) (int, error)

// line writes a line, all of it or none that counts.
func (w writeFunc) line(p []byte) error {
	n, err := w(p)
	if err == nil && n < len(p) {
		return io.ErrShortWrite
	}
	return err
}

// writerTo returns what writes to the log endpoint of a name. Its errors say which one has failed: what the host says is a
// status, the same for all of them.
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
