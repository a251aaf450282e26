package host

import (
	"bytes"
	"log"
)

// HTTPLog returns a logger for the messages of net/http, which become notices of the host. They are about connections of clients and
// backends.
func (h *Host) HTTPLog() *log.Logger { return log.New(httpLog{h}, "", 0) }

type httpLog struct{ host *Host }

// Write prints one message. Each further line, such as one of a stack, is a notice too.
func (l httpLog) Write(p []byte) (int, error) {
	text := bytes.TrimRight(p, "\n")
	for _, prefix := range []string{"http: ", "http2: ", "server: "} {
		text = bytes.TrimPrefix(text, []byte(prefix))
	}
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		l.host.notef("net/http: %s", line)
	}
	return len(p), nil
}
