package host

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// upgrader answers a request to upgrade, and then each line with the same line.
func upgrader(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			w.WriteHeader(426)
			fmt.Fprintf(w, "%s %s", r.Host, r.RequestURI)
			return
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n%s\n", r.RequestURI)
		rw.Flush()
		for {
			line, err := rw.ReadString('\n')
			if err != nil {
				return
			}
			rw.WriteString("echo " + line)
			rw.Flush()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestWebSocketHandoff(t *testing.T) {
	origin := upgrader(t)
	f := start(t, declared+backend("origin", origin.URL+"/sub"))
	conn := dial(t, f.url)
	fmt.Fprintf(conn, "GET /socket?backend=origin HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	assert.Equal(t, 101, resp.StatusCode)
	assert.Equal(t, "echo", resp.Header.Get("Upgrade"))
	line, _ := r.ReadString('\n')
	assert.Equal(t, "/sub/socket?backend=origin\n", line)
	for range 3 {
		io.WriteString(conn, "ping\n")
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "echo ping\n", line)
	}
	io.WriteString(conn, "last\n")
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "echo last\n", string(rest), "who closes its half still gets what the other has to say")
	conn.Close()
	f.stdout.eventually(t, "declared :: handoff: <nil>\n")
	f.stdout.eventually(t, "declared :: then: ")
	assert.NotContains(t, f.stdout.String(), "then: <nil>", "the response is no longer the guest's")
}

// When the client goes away, the connection to a silent backend is closed.
func TestHandoffEndsWithItsClient(t *testing.T) {
	for _, says := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"} {
		asked, left := make(chan bool), make(chan bool)
		origin := listen(t, func(c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			io.WriteString(c, says)
			asked <- true
			io.Copy(io.Discard, c)
			close(left)
		})
		f := start(t, backend("origin", "http://"+origin.Addr().String()))
		conn := dial(t, f.url)
		fmt.Fprintf(conn, "GET /socket?backend=origin HTTP/1.1\r\nHost: a.example\r\n\r\n")
		<-asked
		conn.Close()
		select {
		case <-left:
		case <-time.After(patience):
			require.Fail(t, "the backend's connection is still open")
		}
		if says == "" {
			f.stderr.eventually(t, `was handed to backend "origin": the client went away before the answer`)
		}
	}
}

func TestHandoffOfPlainRequest(t *testing.T) {
	origin := upgrader(t)
	f := start(t, backend("origin", origin.URL))
	resp, body := f.get("/socket?backend=origin")
	assert.Equal(t, 426, resp.StatusCode)
	assert.Contains(t, body, "/socket?backend=origin")

	resp, body = f.get("/socket?backend=unheard-of")
	assert.Equal(t, 500, resp.StatusCode)
	assert.Contains(t, body, "unknown backend 'unheard-of'")
	f.stderr.eventually(t, `the service handed a request off to backend "unheard-of", which does not exist; `)
	f.stderr.eventually(t, "Add it with [local_server.backends.unheard-of]")
}

func TestFanoutWithoutPushpin(t *testing.T) {
	f := start(t, "")
	assert.Contains(t, f.body("/fanout"), "not enabled")
	assert.Contains(t, f.stderr.String(), "--pushpin-port")
}

// The unread rest of an upload must not disturb the connection's next request.
func TestHandoffOfAnUploadThatIsNotRead(t *testing.T) {
	f := start(t, "")
	conn := dial(t, f.url)
	r := bufio.NewReader(conn)
	for range 3 {
		fmt.Fprintf(conn, "POST /socket?backend=unheard-of HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\n")
		resp, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		assert.Equal(t, 500, resp.StatusCode)
		io.WriteString(conn, "body")
		_, err = io.ReadAll(resp.Body)
		require.NoError(t, err)
		time.Sleep(50 * time.Millisecond) // so that the server waits for the next request before it arrives
	}
}

// A backend's header is read to a limit, and what comes after it is not counted.
func TestHandoffOfALargeAnswer(t *testing.T) {
	const size = 3 << 20
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "header") {
			w.Header().Set("X-Large", strings.Repeat("x", size))
		}
		io.WriteString(w, strings.Repeat("y", size))
	}))
	t.Cleanup(origin.Close)
	f := start(t, backend("origin", origin.URL))
	resp, body := f.get("/socket?backend=origin&large=header")
	assert.Equal(t, 502, resp.StatusCode)
	assert.Contains(t, body[:min(len(body), 200)], "the header of its response is larger than 1048576 bytes")
	resp, body = f.get("/socket?backend=origin")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Len(t, body, size)
}
