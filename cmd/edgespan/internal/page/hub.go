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
	gone        int // chosen traces that had to go
	hidden      int // others that had to go
}

// Limits of what a Hub keeps where it is not told otherwise. A page holds as much.
const (
	DefaultKeep = 1000
	maxBytes    = 64 << 20
	maxSpans    = 100_000
)

// NewHub returns a Hub that keeps the last of the traces that filter chooses, DefaultKeep of them if keep is 0, and shows them.
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

// Write takes lines in pieces of any size, so that a Hub can stand beside another output.
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
		rest = nil // no line is that long
	}
	h.partial = rest
	h.mu.Unlock()
	for line := range bytes.SplitSeq(whole, []byte{'\n'}) {
		h.Line(line)
	}
	return len(p), nil
}

// Add takes what a line held.
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

// Traces returns the last of the chosen traces, the oldest first, how many of them had to go before, and how many are not chosen. It is
// for when nothing is added any more: the traces are the Hub's.
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

// subscriber is a page that is connected. It holds no data but the names of what it has yet to get, so a page that reads
// slowly costs nothing, and gets each trace as it is by then. The Hub's mutex guards it.
type subscriber struct {
	wake    chan struct{}
	order   []*traces.Trace // to be sent
	pending map[*traces.Trace]bool
	gone    []string // keys of traces to be taken away
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
		s.gone = s.gone[len(s.gone)-maxGone:] // the page has a limit of its own and forgets the oldest as well
	}
	s.signal()
}

// maxGone bounds the keys that wait for a page that does not read.
const maxGone = 10_000

func (s *subscriber) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next returns the next trace to send as JSON, or nil if there is none, and the keys that have gone meanwhile.
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
