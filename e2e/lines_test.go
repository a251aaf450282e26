package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The log endpoints to which the guests write.
const (
	traceEndpoint = "otlp_logs"
	noteEndpoint  = "notes"      // what a handler has seen: "id text"
	faultEndpoint = "faults"     // problems that a guest itself finds in a line
	logEndpoint   = "app_logs"   // the guest's log records
	plainEndpoint = "plain_logs" // copies of the traces at traceEndpoint
)

// lines collects the lines that a host prints.
type lines struct {
	mu      sync.Mutex
	changed chan struct{} // closed when the next line arrives
	all     []string      // lines of traceEndpoint
	found   map[trace.TraceID][]span
	wanted  map[trace.TraceID]int // the number of spans that a test expects
	notes   map[string][]string
	plain   []string // lines of plainEndpoint
	faults  []string
	logs    []string // lines of logEndpoint
}

// span is a span as it was written.
type span struct {
	trace.SpanData
	resource *trace.Resource
	line     int // the index of its line
}

// add parses a line of the host's stdout.
func (l *lines) add(text string) {
	endpoint, text, ok := strings.Cut(text, " :: ")
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch endpoint {
	case traceEndpoint:
		l.addTrace(text)
	case noteEndpoint:
		if l.notes == nil {
			l.notes = map[string][]string{}
		}
		id, text, _ := strings.Cut(text, " ")
		l.notes[id] = append(l.notes[id], text)
	case plainEndpoint:
		l.plain = append(l.plain, text)
	case faultEndpoint:
		l.faults = append(l.faults, text)
	case logEndpoint:
		l.logs = append(l.logs, text)
	default:
		return
	}
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

func (l *lines) addTrace(text string) {
	if l.found == nil {
		l.found = map[trace.TraceID][]span{}
	}
	l.all = append(l.all, text)
	batches, err := otlp.Decode([]byte(text))
	if err != nil {
		l.faults = append(l.faults, "otlp.Decode: "+err.Error()+": "+text)
	}
	for _, b := range batches {
		for _, d := range b.Spans {
			id := d.SpanContext.TraceID
			l.found[id] = append(l.found[id], span{d, b.Resource, len(l.all) - 1})
		}
	}
}

// await calls ok, with the lock held, after each line. It returns true when ok does, and false when patience is over.
func (l *lines) await(ok func() bool) bool {
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		l.mu.Lock()
		if ok() {
			l.mu.Unlock()
			return true
		}
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-over.C:
			return false
		}
	}
}

// spans waits for n spans of a trace. The judge checks at the end of the run that there are no more.
func (s *service) spans(t *testing.T, id trace.TraceID, n int) spanList {
	t.Helper()
	var got spanList
	l := &s.log
	came := l.await(func() bool {
		if l.wanted == nil {
			l.wanted = map[trace.TraceID]int{}
		}
		l.wanted[id] = n
		got = append(spanList(nil), l.found[id]...)
		return len(got) >= n
	})
	if len(got) > 0 {
		t.Logf("%s on %s:\n%s", s.name, host.name, got)
	}
	require.True(t, came, "of trace %s only %d of %d spans came; stderr of the host:\n%s", id, len(got), n, s.proc.said())
	require.Len(t, got, n)
	return got
}

// noSpans declares that a trace has no spans. The judge checks that at the end of the run.
func (s *service) noSpans(id trace.TraceID) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if s.log.wanted == nil {
		s.log.wanted = map[trace.TraceID]int{}
	}
	s.log.wanted[id] = 0
}

// root waits for the single span of a request without children.
func (s *service) root(t *testing.T, id trace.TraceID) span {
	t.Helper()
	return s.spans(t, id, 1)[0]
}

// notes waits for n notes of a handler.
func (s *service) notes(t *testing.T, id string, n int) []string {
	t.Helper()
	var got []string
	came := s.log.await(func() bool {
		got = append([]string(nil), s.log.notes[id]...)
		return len(got) >= n
	})
	require.True(t, came, "of %s only %d of %d notes came: %q; stderr of the host:\n%s", id, len(got), n, got, s.proc.said())
	return got
}

// line returns the line with this index.
func (l *lines) line(i int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[i]
}

// size returns the total length of lines.
func (l *lines) size(lines ...int) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, i := range lines {
		n += len(l.all[i])
	}
	return n
}

// find waits for a span by a property other than its trace id.
func (s *service) find(t *testing.T, is func(span) bool) (found span) {
	t.Helper()
	l := &s.log
	came := l.await(func() bool {
		for _, list := range l.found {
			for _, candidate := range list {
				if is(candidate) {
					found = candidate
					return true
				}
			}
		}
		return false
	})
	require.True(t, came, "no such span came; stderr of the host:\n%s", s.proc.said())
	return found
}
