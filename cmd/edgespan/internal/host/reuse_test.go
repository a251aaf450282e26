package host

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSandboxServesManyRequests(t *testing.T) {
	f := start(t, "")
	var first string
	for i := range 6 {
		trace, rest, _ := strings.Cut(f.settled("/many"), " ")
		if i == 0 {
			first = trace
		}
		assert.Equal(t, first, trace, "request %d", i)
		assert.Equal(t, fmt.Sprint(i+1), rest)
	}
	trace, rest, _ := strings.Cut(f.settled("/many"), " ")
	assert.NotEqual(t, first, trace, "five requests after the first are the limit")
	assert.Equal(t, "1", rest)
}

func TestReuseLimit(t *testing.T) {
	f := start(t, "", func(c *Config) { c.ReuseLimit = NoReuse })
	assert.Contains(t, f.body("/many"), " 1")
	assert.Contains(t, f.body("/many"), " 1")

	f = start(t, "", func(c *Config) { c.ReuseLimit = -1 })
	for i := range 20 {
		assert.Contains(t, f.settled("/many"), fmt.Sprintf(" %d", i+1))
	}
}

func TestSandboxEndsWhenNoRequestComes(t *testing.T) {
	f := start(t, "")
	before := f.settled("/many")
	assert.Eventually(t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return f.host.running == 0
	}, patience, 10*time.Millisecond, "the guest waits five seconds")
	assert.NotEqual(t, strings.Fields(before)[0], strings.Fields(f.body("/many"))[0])
}

func TestReusedSandboxThatFails(t *testing.T) {
	f := start(t, "")
	f.settled("/many")
	resp, _ := f.get("/many/panic")
	assert.Equal(t, 500, resp.StatusCode)
	assert.Contains(t, f.body("/many"), " 1")
}

// If all sandboxes are busy, a sandbox that asks for another request gets one that is waiting.
func TestQueueFeedsReusedSandbox(t *testing.T) {
	f := start(t, "", func(c *Config) { c.MaxSandboxes = 1 })
	done := make(chan string, 12)
	for range cap(done) {
		go func() { done <- f.body("/many") }()
	}
	for range cap(done) {
		assert.Regexp(t, ` [1-6]$`, <-done)
	}
}

// If a request waits long for a sandbox, the host says why, once.
func TestQueueIsToldOf(t *testing.T) {
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-gate }))
	defer server.Close()
	f := start(t, backend("gate", server.URL), func(c *Config) { c.MaxSandboxes = 1 })
	var wg sync.WaitGroup
	wg.Go(func() { f.body("/stream") })
	require.Eventually(t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return f.host.running == 1
	}, patience, time.Millisecond)
	for range 3 {
		wg.Go(func() { f.body("/quick") })
	}
	f.stderr.eventually(t, "waits for a sandbox: all 1 are busy")
	close(gate)
	wg.Wait()
	assert.Equal(t, 1, strings.Count(f.stderr.String(), "waits for a sandbox"))
	assert.Regexp(t, `^edgespan serve: GET /quick \(request [1-3]\) waits for a sandbox: all 1 are busy, and [1-3] requests are waiting. Allow more with --max-sandboxes\n$`, f.stderr.String())
}

// settled sends a request, and waits until the sandbox waits for its next request or has ended.
func (f *fixture) settled(path string) string {
	body := f.body(path)
	f.settle()
	return body
}

func (f *fixture) settle() {
	f.t.Helper()
	require.Eventually(f.t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return len(f.host.promises) == f.host.running
	}, patience, time.Millisecond)
}

// A sandbox that serves any number of requests keeps nothing of those that are over.
func TestReusedSandboxForgets(t *testing.T) {
	f := start(t, "", func(c *Config) { c.ReuseLimit = -1 })
	held := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	f.settled("/many")
	before := held()
	upload := strings.Repeat("x", 4<<20)
	for i := range 40 {
		resp, err := http.Post(f.url+"/many", "", strings.NewReader(upload))
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		require.Contains(t, string(body), fmt.Sprintf(" %d", i+2), "the same sandbox")
		f.settle()
	}
	assert.Less(t, held(), before+40<<20)
}

// A guest that polls a promise of another request gets an answer at once.
func TestPromiseIsReadyAtOnce(t *testing.T) {
	h := &Host{}
	kept := &asyncItem{promise: h.promise(time.Hour, true)}
	over := &asyncItem{promise: h.promise(time.Millisecond, true)}
	for range 2 {
		select {
		case <-kept.ready():
			t.Fatal("there is no request yet")
		default:
		}
		<-over.ready()
	}
	assert.Nil(t, h.wait(t.Context(), over.promise))
	ex := &exchange{}
	require.True(t, h.dispatch(ex))
	select {
	case <-kept.ready():
	default:
		t.Fatal("there is a request")
	}
	assert.Same(t, ex, h.wait(t.Context(), kept.promise))
}
