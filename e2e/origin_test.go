package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/freeport"
)

// packed is "packed " a thousand times, gzipped. Other versions of Go compress it to other bytes.
const packed = "\x1f\x8b\b\x00\x00\x00\x00\x00\x00\xff\xec\xc5!\x11\x000\b\x00\xc0*\xab\xb6\x03\x14\x86\xfe\x8a\x06$x\xf5\xf3\xa3+\x1f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x83\r\x00\x00\xff\xff_\xab\xb4\xdbX\x1b\x00\x00"

// origin is a backend of the services: a server in this process that records its requests.
type origin struct {
	name    string // the backend's name in the manifest
	handler http.HandlerFunc

	server *httptest.Server
	addr   string // the address, if there is no server
	mu     sync.Mutex
	seen   []seen
	script map[string]http.HandlerFunc // handlers by trace id
}

// seen is a request as it reached an origin.
type seen struct {
	*http.Request
	body string
	at   time.Time
}

// The backends of all services.
var (
	backend   = &origin{name: "backend", handler: answers}
	inventory = &origin{name: "inventory", handler: answers}
	down      = &origin{name: "down"} // nobody listens there

	backends = []*origin{backend, inventory, down}
)

func startOrigins() {
	for _, o := range backends {
		if o.handler == nil {
			var err error
			if o.addr, err = freeport.Address(); err != nil { // where connections are refused at once
				panic(err)
			}
			continue
		}
		o.server = httptest.NewServer(http.HandlerFunc(o.serve))
		o.addr = o.server.Listener.Addr().String()
	}
}

func stopOrigins() {
	for _, o := range backends {
		if o.server != nil {
			o.server.CloseClientConnections()
			o.server.Close()
		}
	}
}

func (o *origin) url() string { return "http://" + o.addr }

func (o *origin) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	o.mu.Lock()
	o.seen = append(o.seen, seen{r, string(body), time.Now()})
	o.mu.Unlock()
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	o.handlerFor(r)(w, r)
}

func (o *origin) handlerFor(r *http.Request) http.HandlerFunc {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, h := range o.script {
		if strings.Contains(r.Header.Get("Traceparent"), id) {
			return h
		}
	}
	return o.handler
}

// answer makes the origin answer the requests of one trace with another handler.
func (o *origin) answer(c caller, h http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.script == nil {
		o.script = map[string]http.HandlerFunc{}
	}
	o.script[c.trace.String()] = h
}

// asked returns the requests of a trace that have reached the origin.
func (o *origin) asked(c caller) (found []seen) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.seen {
		if strings.Contains(s.Header.Get("Traceparent"), c.trace.String()) {
			found = append(found, s)
		}
	}
	return found
}

// askedOnce returns the only request of a trace.
func (o *origin) askedOnce(t *testing.T, c caller) seen {
	t.Helper()
	found := o.asked(c)
	require.Len(t, found, 1, "requests of trace %s to %s", c.trace, o.name)
	return found[0]
}

// find returns the only request for which is returns true, whichever propagation format it has.
func (o *origin) find(t *testing.T, is func(seen) bool) seen {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	at := slices.IndexFunc(o.seen, is)
	require.GreaterOrEqual(t, at, 0, "no such request reached %s", o.name)
	return o.seen[at]
}

// answers has a response for each path.
func answers(w http.ResponseWriter, r *http.Request) {
	path, arg, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch path {
	case "data":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"data":"from the origin"}`)
	case "items", "stock":
		// Each request waits for the other, so this returns only if both are sent at the same time.
		meet(r.Header.Get("Traceparent"))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "{%q:%q}\n", path, arg)
	case "status":
		code, _ := strconv.Atoi(arg)
		w.WriteHeader(code)
		fmt.Fprintf(w, "status %d\n", code)
	case "slow":
		time.Sleep(300 * time.Millisecond)
		io.WriteString(w, "slow\n")
	case "gzip":
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, packed)
	case "chunked":
		for i := range 5 {
			fmt.Fprintf(w, "chunk %d\n", i)
			w.(http.Flusher).Flush()
		}
	case "trailers":
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body with a trailer\n")
		w.Header().Set("X-Sum", "42")
	case "cached":
		w.Header().Set("Cache-Control", "max-age=3600")
		fmt.Fprintf(w, "made at %d\n", time.Now().UnixNano())
	case "echo":
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		io.Copy(w, r.Body)
	case "drop": // the connection breaks before the response
		abort(w, "")
	case "cut": // the connection breaks in the middle of the body
		abort(w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
	case "unasked": // a second response, which nobody asked for
		unasked(w)
	case "websocket":
		upgrade(w, r)
	default:
		http.NotFound(w, r)
	}
}

func abort(w http.ResponseWriter, text string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	io.WriteString(conn, text)
	conn.Close()
}

// unasked sends a response, and bytes that nobody asked for after it.
func unasked(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo")
	io.Copy(io.Discard, conn)
}

// upgrade takes over the connection and echoes the data. To a proxy, a WebSocket looks like that.
func upgrade(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		http.Error(w, "not an upgrade", http.StatusUpgradeRequired)
		return
	}
	conn, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Origin: yes\r\n\r\n")
	io.Copy(conn, rw)
}

var meetings struct {
	sync.Mutex
	waiting map[string]chan struct{}
}

// meet returns when two requests of the same trace have arrived, or after a time that no test should need.
func meet(traceparent string) {
	key := traceparent[:min(len(traceparent), len("00-00112233445566778899aabbccddeeff"))]
	meetings.Lock()
	if other, ok := meetings.waiting[key]; ok {
		delete(meetings.waiting, key)
		meetings.Unlock()
		close(other)
		return
	}
	if meetings.waiting == nil {
		meetings.waiting = map[string]chan struct{}{}
	}
	here := make(chan struct{})
	meetings.waiting[key] = here
	meetings.Unlock()
	select {
	case <-here:
	case <-time.After(5 * time.Second):
	}
}
