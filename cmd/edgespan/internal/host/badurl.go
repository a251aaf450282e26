package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// Listener returns a listener for l that lets the host see one kind of answer that net/http gives by itself: to a request whose
// path has an invalid percent escape, such as /%zz. Fastly's own local server calls the service, and compute-sdk-go then panics. So
// the host prints a notice.
func (h *Host) Listener(l net.Listener) net.Listener { return clients{l, h} }

type clients struct {
	net.Listener
	host *Host
}

func (l clients) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &client{TCPConn: tcp, host: l.host}, nil
	}
	return conn, err
}

// client is a connection that keeps the beginning of what it has received since the last response, which is the current request. If
// a client sends a request before the last one is answered (pipelining), which is rare, there is no notice.
type client struct {
	*net.TCPConn
	host *Host

	ended    atomic.Bool // nothing more is read
	mu       sync.Mutex
	request  []byte
	answered bool
}

// clientKey is the key of the client in the context of its requests.
type clientKey struct{}

func withClient(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, clientKey{}, conn)
}

// lastRequest makes the server close the connection after this request.
func lastRequest(r *http.Request) {
	if c, ok := r.Context().Value(clientKey{}).(*client); ok {
		c.ended.Store(true)
	}
}

// maxLine is how many bytes of a request are kept.
const maxLine = 4 << 10

func (c *client) Read(p []byte) (int, error) {
	if c.ended.Load() {
		return 0, io.EOF
	}
	n, err := c.TCPConn.Read(p)
	if n > 0 {
		c.mu.Lock()
		if c.answered {
			c.request, c.answered = c.request[:0], false
		}
		c.request = append(c.request, p[:min(n, maxLine-len(c.request))]...)
		c.mu.Unlock()
	}
	return n, err
}

// badRequest is the head of net/http's answer to a request that it cannot read. Unlike a handler's response, it has no date.
const badRequest = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// Write adds the reason to the answer to an invalid escape, and prints a notice.
func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.answered = true
	c.mu.Unlock()
	if string(p) != badRequest+"400 Bad Request" {
		return c.TCPConn.Write(p)
	}
	method, target, why := c.brokenEscape()
	if why == nil {
		return c.TCPConn.Write(p)
	}
	c.host.notef("%s %q: %v in the path: the client got a %d, and the service was not called; on Viceroy it is called, and compute-sdk-go panics before any handler",
		method, target, why, http.StatusBadRequest)
	if _, err := fmt.Fprintf(c.TCPConn, "%s%s%v in the path\n", badRequest, NotePrefix, why); err != nil {
		return 0, err
	}
	return len(p), nil
}

// brokenEscape returns the request's method and target and its invalid escape, or nil if the request is valid or has another fault.
func (c *client) brokenEscape() (method, target string, why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	line, _, _ := bytes.Cut(c.request, []byte("\r\n"))
	f := strings.Fields(string(line))
	if len(f) != 3 || !strings.HasPrefix(f[1], "/") {
		return "", "", nil
	}
	_, err := url.ParseRequestURI(f[1])
	if broken := url.EscapeError(""); errors.As(err, &broken) {
		return f[0], f[1], broken
	}
	return "", "", nil
}
