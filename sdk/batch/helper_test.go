package batch

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// fakeSink encodes a span as its name. The test decides what Send does; by default it accepts everything.
type fakeSink struct {
	mu    sync.Mutex
	got   []string // names of the spans that were accepted
	calls int
	send  func(ctx context.Context, lines [][]byte) Result
}

func (s *fakeSink) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	var line []byte
	for i := range b.Spans {
		if i > 0 {
			line = append(line, ' ')
		}
		line = append(line, b.Spans[i].Name...)
	}
	add(line, len(b.Spans))
	clear(line) // so add must have copied the line
}

func (s *fakeSink) Count(line []byte) int {
	if bytes.HasPrefix(line, []byte("torn")) {
		return 0
	}
	return len(strings.Fields(string(line)))
}

func (s *fakeSink) Send(ctx context.Context, lines [][]byte) Result {
	s.mu.Lock()
	s.calls++
	send := s.send
	s.mu.Unlock()
	r := Result{Lines: len(lines)}
	if send != nil {
		r = send(ctx, lines)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range lines[:max(0, min(r.Lines, len(lines)))] {
		s.got = append(s.got, strings.Fields(string(line))...)
	}
	return r
}

// bodies is a sink that makes a request for each line, and stops at the first that has to be tried again.
func bodies(refuses func(line string) bool) func(context.Context, [][]byte) Result {
	return func(_ context.Context, lines [][]byte) Result {
		for i, line := range lines {
			if refuses(string(line)) {
				return Result{Lines: i, Untried: len(lines) - i - 1, Err: errors.New("503 for " + string(line))}
			}
		}
		return Result{Lines: len(lines)}
	}
}

func (s *fakeSink) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

func (s *fakeSink) does(send func(ctx context.Context, lines [][]byte) Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send = send
}

var errDown = errors.New("down")

func fails(context.Context, [][]byte) Result { return Result{Err: errDown} }

// fakeStore is a store in memory that outlives its processor.
type fakeStore struct {
	mu      sync.Mutex
	lines   []string
	loads   int
	refuses func() error
}

func (s *fakeStore) Load() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	var lines [][]byte
	for _, line := range s.lines {
		lines = append(lines, []byte(line))
	}
	return lines, nil
}

func (s *fakeStore) Append(line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuses != nil {
		if err := s.refuses(); err != nil {
			return err
		}
	}
	s.lines = append(s.lines, string(line))
	return nil
}

func (s *fakeStore) Clear(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = s.lines[n:]
	return nil
}

func (s *fakeStore) kept() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lines...)
}

// give exports a trace of spans with these names.
func give(p *Processor, names ...string) error {
	b := &trace.Batch{}
	for _, name := range names {
		b.Spans = append(b.Spans, trace.SpanData{Name: name})
	}
	return p.Export(context.Background(), b)
}

// giveMany exports n traces of one span each, called "0" and up.
func giveMany(p *Processor, n int) {
	for i := range n {
		_ = give(p, strconv.Itoa(i))
	}
}

// rest waits until a processor has nothing more to do with its store.
func rest(t *testing.T, p *Processor) {
	p.mu.Lock()
	idle := p.keeper.idle
	p.mu.Unlock()
	if idle == nil {
		return
	}
	select {
	case <-idle:
	case <-time.After(time.Minute):
		t.Fatal("the store is never at rest")
	}
}

func assertBalanced(t *testing.T, p *Processor) {
	t.Helper()
	s := p.Stats()
	assert.Equal(t, s.Given+s.Loaded, s.Sent+s.Rejected+s.Dropped+s.Held, "%+v", s)
	assert.LessOrEqual(t, max(s.Sent, s.Rejected, s.Dropped, s.Held), s.Given+s.Loaded, "no count is below zero: %+v", s)
}
