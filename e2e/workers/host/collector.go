package host

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Collector is a receiver of OTLP over HTTP whose answers the test sets.
type Collector struct {
	*httptest.Server

	mu       sync.Mutex
	posts    []Post
	answer   func(w http.ResponseWriter, r *http.Request) // called after the body has been read; nil answers 200
	received chan int                                     // the indexes of the posts, in order of arrival
}

// Post is one request to a Collector.
type Post struct {
	Header   http.Header
	Path     string
	Body     []byte
	Received time.Time
	Answered time.Time // zero until it is answered
}

// NewCollector starts a Collector.
func NewCollector() *Collector {
	c := &Collector{received: make(chan int, 1<<16)}
	c.Server = httptest.NewServer(http.HandlerFunc(c.serve))
	return c
}

// Answer sets the handler for future posts. nil answers 200.
func (c *Collector) Answer(f func(w http.ResponseWriter, r *http.Request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = f
}

func (c *Collector) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c.mu.Lock()
	n, answer := len(c.posts), c.answer
	c.posts = append(c.posts, Post{Header: r.Header, Path: r.URL.Path, Body: body, Received: time.Now()})
	c.received <- n
	c.mu.Unlock()
	if answer != nil {
		answer(w, r)
	} else {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	}
	c.mu.Lock()
	c.posts[n].Answered = time.Now()
	c.mu.Unlock()
}

// Posts returns the requests so far.
func (c *Collector) Posts() []Post {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Post(nil), c.posts...)
}

// Next waits for the next post that no earlier call has returned. It returns false if there is none within patience.
func (c *Collector) Next(patience time.Duration) (Post, bool) {
	select {
	case n := <-c.received:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.posts[n], true
	case <-time.After(patience):
		return Post{}, false
	}
}

// Batches returns all traces that have arrived, and the first body that could not be decoded.
func (c *Collector) Batches() (all []*trace.Batch, bad []byte) {
	for _, p := range c.Posts() {
		batches, err := p.Batches()
		if err != nil {
			return all, p.Body
		}
		all = append(all, batches...)
	}
	return all, nil
}

// Batches decodes the body.
func (p *Post) Batches() ([]*trace.Batch, error) {
	batches, err := otlp.Decode(p.Body)
	if err != nil {
		return nil, err
	}
	all := make([]*trace.Batch, len(batches))
	for i := range batches {
		all[i] = &batches[i]
	}
	return all, nil
}
