package demo

import (
	"bytes"
	"sync"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// sink takes the host's output and parses the log lines in it.
type sink struct {
	lines chan logged

	mu      sync.Mutex
	partial []byte
}

// logged is a line with telemetry.
type logged struct {
	text   string
	record lines.Record
}

// waiting is how many lines may wait to be asked for: far more than the requests of a demo leave.
const waiting = 1024

func newSink() *sink { return &sink{lines: make(chan logged, waiting)} }

// Write takes output in pieces of any size.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.partial = append(s.partial, p...)
	for {
		line, rest, ok := bytes.Cut(s.partial, []byte{'\n'})
		if !ok {
			return len(p), nil
		}
		if r := lines.Parse(line); r.Kind == lines.Spans || r.Kind == lines.Logs {
			select {
			case s.lines <- logged{string(line), r}:
			default:
			}
		}
		s.partial = rest
	}
}

// traceOf returns the trace of a record's spans.
func traceOf(r lines.Record) *traces.Trace {
	touched := traces.NewStore(traces.Limits{}).Add(r, nil)
	if len(touched) != 1 {
		return nil
	}
	return touched[0]
}
