package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeptConnection sends several requests over one connection, the later ones before the first is answered.
func TestKeptConnection(t *testing.T) {
	untraced.use(t)
	kinds.use(t)
	paths := []string{"/plain", "/nothing", "/status-only", "/no-content", "/pieces", "/trailers/declared", "/panic/before", "/plain"}
	var callers []caller
	answers := func(s *service) (got []string) {
		conn, err := net.Dial("tcp", s.addr)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		for i, path := range paths {
			_, err := io.WriteString(conn, s.rawRequest(t, "GET", path, callers[i], "Connection: keep-alive"))
			require.NoError(t, err)
		}
		br := bufio.NewReader(conn)
		for range paths {
			r := readResponse(br, "GET", time.Now())
			if r.code() == 500 {
				r.body, r.framing = "", ""
			}
			got = append(got, r.String())
		}
		return got
	}
	for range paths {
		callers = append(callers, newCaller())
	}
	without := answers(untraced)
	assert.Equal(t, without, answers(kinds))
	assert.Contains(t, without[len(without)-1], "GET plain")
	for _, c := range callers {
		kinds.root(t, c.trace)
	}
}

// TestClientLeaves closes the connection in the middle of a response. The trace must still be written.
func TestClientLeaves(t *testing.T) {
	kinds.use(t)
	for _, path := range []string{"/large", "/pieces"} {
		c := newCaller()
		conn, err := net.Dial("tcp", kinds.addr)
		require.NoError(t, err)
		_, err = io.WriteString(conn, kinds.rawRequest(t, "GET", path, c))
		require.NoError(t, err)
		_, err = io.ReadFull(conn, make([]byte, 20))
		require.NoError(t, err)
		conn.Close()
		server := kinds.root(t, c.trace)
		assert.Equal(t, 200, server.attribute("http.response.status_code"))
	}
	r := kinds.get(t, "/plain")
	assert.Equal(t, 200, r.StatusCode)
	kinds.root(t, r.trace)
}

// TestLargeUpload sends a body that the handler does not read, and reads the response only when all of it is sent.
func TestLargeUpload(t *testing.T) {
	for _, connection := range []string{"close", "keep-alive"} {
		c := newCaller()
		body := strings.Repeat("x", 10_000_000)
		r := kinds.raw(t, kinds.rawRequest(t, "POST", "/unread", c, "Connection: "+connection, fmt.Sprint("Content-Length: ", len(body)))+body)
		assert.Equal(t, 200, r.code(), "%s", r)
		assert.Equal(t, "complete", r.ending)
		assert.Equal(t, 200, kinds.root(t, c.trace).attribute("http.response.status_code"))
	}
}

// leave requests a path, and closes the connection when done returns.
func (s *service) leave(t *testing.T, path string, c caller, done func()) {
	t.Helper()
	s.use(t)
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, s.rawRequest(t, "GET", path, c))
	require.NoError(t, err)
	done()
}

// TestClientLeavesEarly closes the connection while the handler is running.
func TestClientLeavesEarly(t *testing.T) {
	c := newCaller()
	odd.leave(t, "/default/sleep?n=500", c, func() { time.Sleep(100 * time.Millisecond) })
	onLocal(t, "the service hears nothing of it", func() {
		assert.Equal(t, 200, odd.root(t, c.trace).attribute("http.response.status_code"))
	})
	onViceroy(t, "it panics where the guest sends its response", func() { odd.noSpans(c.trace) })
	odd.root(t, odd.get(t, "/default/").trace)
}

// TestClientsAtOnce sends requests to several sandboxes at the same time. Their lines must not mix.
func TestClientsAtOnce(t *testing.T) {
	example.use(t)
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for j := range 5 {
				name := strings.Repeat("n", 1+i*5+j)
				r := example.get(t, "/?name="+name)
				assert.Equal(t, "Hello, "+name+"!\n", r.body)
				greet := example.spans(t, r.trace, 2).named(t, "greet")
				assert.Equal(t, len(name), greet.attribute("example.name.length"))
			}
		})
	}
}

// TestExpectContinue sends the body only when the server asks for it (Expect: 100-continue).
func TestExpectContinue(t *testing.T) {
	untraced.use(t)
	kinds.use(t)
	c := newCaller()
	ask := func(s *service) string {
		conn, err := net.Dial("tcp", s.addr)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		_, err = io.WriteString(conn, s.rawRequest(t, "POST", "/echo", c, "Content-Length: 4", "Expect: 100-continue"))
		require.NoError(t, err)
		br := bufio.NewReader(conn)
		line, err := br.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
		_, err = br.ReadString('\n')
		require.NoError(t, err)
		_, err = io.WriteString(conn, "body")
		require.NoError(t, err)
		return readResponse(br, http.MethodPost, time.Now()).String()
	}
	assert.Equal(t, ask(untraced), ask(kinds))
	kinds.root(t, c.trace)
}
