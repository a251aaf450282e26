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

// The log endpoints that the guests write to.
const (
	traceEndpoint = "otlp_logs"
	noteEndpoint  = "notes"      // what a handler has seen: "id text"
	faultEndpoint = "faults"     // what a guest itself finds wrong with a line
	logEndpoint   = "app_logs"   // what a guest logs
	plainEndpoint = "plain_logs" // traces that are written to traceEndpoint as well
)

// lines collects what a host prints.
type lines struct {
	mu      sync.Mutex
	changed chan struct{} // closed with the next line
	all     []string      // of traceEndpoint
	found   map[trace.TraceID][]span
	wanted  map[trace.TraceID]int // how many a test says there are
	notes   map[string][]string
	plain   []string // of plainEndpoint
	faults  []string
	logs    []string // of logEndpoint
}

// span is a span as it came out.
type span struct {
	trace.SpanData
	resource *trace.Resource
	line     int // its line's place among all
}

// add takes a line of the host's stdout.
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

// await returns when ok, which is called with the lock held, says yes, or patience is over.
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

// spans waits for n spans of a trace. That there are no more, also later, is judged at the end of the run.
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

// noSpans says that a trace leaves none. It is judged at the end of the run.
func (s *service) noSpans(id trace.TraceID) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if s.log.wanted == nil {
		s.log.wanted = map[trace.TraceID]int{}
	}
	s.log.wanted[id] = 0
}

// root waits for the one span that a request without children leaves.
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

// line returns a line.
func (l *lines) line(i int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[i]
}

// size returns how long some lines are together.
func (l *lines) size(lines ...int) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, i := range lines {
		n += len(l.all[i])
	}
	return n
}

// find waits for a span that is known by something else than its trace.
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
