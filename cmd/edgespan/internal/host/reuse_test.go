package host

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSandboxServesManyRequests(t *testing.T) {
	f := start(t, guests.many, "")
	var first string
	for i := range 6 {
		trace, rest, _ := strings.Cut(f.settled("/x"), " ")
		if i == 0 {
			first = trace
		}
		assert.Equal(t, first, trace, "request %d", i)
		assert.Equal(t, string(rune('1'+i))+" /x", rest)
	}
	trace, rest, _ := strings.Cut(f.settled("/x"), " ")
	assert.NotEqual(t, first, trace, "five requests after the first are the limit")
	assert.Equal(t, "1 /x", rest)
}

func TestReuseLimit(t *testing.T) {
	f := start(t, guests.many, "", func(c *Config) { c.ReuseLimit = NoReuse })
	assert.Contains(t, f.body("/x"), " 1 /x")
	assert.Contains(t, f.body("/x"), " 1 /x")

	f = start(t, guests.many, "", func(c *Config) { c.ReuseLimit = -1 })
	for i := range 20 {
		assert.Contains(t, f.settled("/x"), fmt.Sprintf(" %d /x", i+1))
	}
}

func TestSandboxEndsWhenNoRequestComes(t *testing.T) {
	f := start(t, guests.many, "")
	before := f.settled("/x")
	assert.Eventually(t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return f.host.running == 0
	}, patience, 10*time.Millisecond, "the guest waits two seconds")
	assert.NotEqual(t, strings.Fields(before)[0], strings.Fields(f.body("/x"))[0])
}

func TestReusedSandboxThatFails(t *testing.T) {
	f := start(t, guests.many, "")
	f.settled("/x")
	resp, _ := f.get("/panic")
	assert.Equal(t, 500, resp.StatusCode)
	assert.Contains(t, f.body("/x"), " 1 /x")
}

// A host with one sandbox gives the requests that wait to the sandbox that asks for more.
func TestQueueFeedsReusedSandbox(t *testing.T) {
	f := start(t, guests.many, "", func(c *Config) { c.MaxSandboxes = 1 })
	done := make(chan string, 12)
	for range cap(done) {
		go func() { done <- f.body("/x") }()
	}
	for range cap(done) {
		assert.Contains(t, <-done, "/x")
	}
}

// settled gets, and waits until the sandbox waits for its next request or has ended.
func (f *fixture) settled(path string) string {
	body := f.body(path)
	assert.Eventually(f.t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return len(f.host.promises) == f.host.running
	}, patience, time.Millisecond)
	return body
}
