package page

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// Hub keeps traces for pages to show. Its methods may be called concurrently.
type Hub struct {
	filter traces.Filter
	keep   int

	mu          sync.Mutex
	store       *traces.Store
	subscribers map[*subscriber]bool
	partial     []byte
	gone        int // chosen traces that were dropped
	hidden      int // other traces that were dropped
}

// The default limits of a Hub. A page has the same limits.
const (
	DefaultKeep = 1000
	maxBytes    = 64 << 20
	maxSpans    = 100_000
)

// NewHub returns a Hub that keeps and shows the last traces that filter chooses: keep of them, or DefaultKeep if keep is 0.
func NewHub(keep int, filter traces.Filter) *Hub {
	if keep <= 0 {
		keep = DefaultKeep
	}
	h := &Hub{filter: filter, keep: keep, subscribers: map[*subscriber]bool{}}
	h.store = traces.NewStore(traces.Limits{Traces: keep, Spans: maxSpans, Bytes: maxBytes})
	if filter != (traces.Filter{}) {
		h.store.Chosen = filter.Match
	}
	h.store.Evicted = func(t *traces.Trace) {
		if h.filter.Match(t) {
			h.gone++
		} else {
			h.hidden++
		}
		for s := range h.subscribers {
			s.drop(t)
		}
	}
	return h
}

// Line takes a line of any kind.
func (h *Hub) Line(line []byte) { h.Add(lines.Parse(line)) }

// Write takes lines in pieces of any size, so that a Hub can be used in an io.MultiWriter.
func (h *Hub) Write(p []byte) (int, error) {
	h.mu.Lock()
	h.partial = append(h.partial, p...)
	whole, rest := h.partial, []byte(nil)
	if end := bytes.LastIndexByte(whole, '\n'); end >= 0 {
		whole, rest = whole[:end], bytes.Clone(whole[end+1:])
	} else {
		whole, rest = nil, whole
	}
	if len(rest) > lines.MaxLength {
		rest = nil // longer than any line
	}
	h.partial = rest
	h.mu.Unlock()
	for line := range bytes.SplitSeq(whole, []byte{'\n'}) {
		h.Line(line)
	}
	return len(p), nil
}

// Add takes the record of a line.
func (h *Hub) Add(r lines.Record) {
	if len(r.Batches)+len(r.Logs) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.store.Add(r, nil) {
		for s := range h.subscribers {
			s.touch(t)
		}
	}
}

// Traces returns the last of the chosen traces, the oldest first; how many chosen traces were dropped before; and how many traces
// are not chosen. Call it when nothing is added any more, because the traces belong to the Hub.
func (h *Hub) Traces() (chosen []*traces.Trace, gone, hidden int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.store.All() {
		if h.filter.Match(t) {
			chosen = append(chosen, t)
		} else {
			hidden++
		}
	}
	over := max(0, len(chosen)-h.keep)
	return chosen[over:], h.gone + over, h.hidden + hidden
}

// subscriber is a connected page. It holds only the names of the traces to send, so a page that reads slowly needs no memory, and
// gets each trace in its latest state. The Hub's mutex guards it.
type subscriber struct {
	wake    chan struct{}
	order   []*traces.Trace // to send
	pending map[*traces.Trace]bool
	gone    []string // keys of traces to remove from the page
}

func (h *Hub) subscribe() *subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &subscriber{wake: make(chan struct{}, 1), pending: map[*traces.Trace]bool{}}
	for _, t := range h.store.All() {
		s.touch(t)
	}
	h.subscribers[s] = true
	return s
}

func (h *Hub) unsubscribe(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subscribers, s)
}

func (s *subscriber) touch(t *traces.Trace) {
	if s.pending[t] {
		return
	}
	s.pending[t] = true
	s.order = append(s.order, t)
	s.signal()
}

func (s *subscriber) drop(t *traces.Trace) {
	if s.pending[t] {
		delete(s.pending, t)
		s.order = slices.DeleteFunc(s.order, func(o *traces.Trace) bool { return o == t })
	}
	s.gone = append(s.gone, t.Key())
	if len(s.gone) > maxGone {
		s.gone = s.gone[len(s.gone)-maxGone:] // the page has a limit too, and drops the oldest itself
	}
	s.signal()
}

// maxGone is how many keys wait for a page that does not read.
const maxGone = 10_000

func (s *subscriber) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next returns the next trace to send as JSON, or nil if there is none, and the keys of traces that were dropped meanwhile.
func (h *Hub) next(s *subscriber) (data []byte, gone []string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gone, s.gone = s.gone, nil
	for len(s.order) > 0 {
		t := s.order[0]
		s.order = s.order[1:]
		delete(s.pending, t)
		if h.filter.Match(t) {
			data, err = json.Marshal(modelOf(t))
			return data, gone, err
		}
	}
	s.order = nil
	return nil, gone, nil
}
