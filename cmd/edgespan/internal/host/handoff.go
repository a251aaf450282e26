package host

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// handoff lets another server answer the client's request instead of the guest: a backend that speaks WebSocket, or a Pushpin that
// runs on this machine.
type handoff struct {
	to      *origin
	unknown string   // the name of a backend that does not exist
	req     *request // its method, path and headers are used; nil for the client's own request
	pushpin bool
}

// protected headers are always the client's, whatever the guest's request has.
var protected = []string{
	"host", "connection", "sec-websocket-version", "sec-websocket-key", "upgrade", "pushpin-route",
	"content-length", "content-range", "expect", "fastly-ff", "proxy-authenticate", "proxy-authorization",
	"te", "trailer", "transfer-encoding", "cdn-loop",
}

// handOff implements the host call. After it, the guest can no longer answer the client.
func (c *call) handOff(req *request, name string, pushpin bool) status {
	if c.sb.answered {
		return statusError
	}
	h := &handoff{pushpin: pushpin}
	if req != nil {
		copied := *req
		copied.header = append(headers(nil), req.header...)
		h.req = &copied
	}
	if pushpin {
		if c.host.cfg.PushpinPort == 0 {
			c.host.once("fanout", "the service hands a request to Fanout, which this host does not implement: the call returned 'unsupported'. "+
				"If Pushpin runs on this machine, give its port with --pushpin-port")
			return statusUnsupported
		}
		h.to = newOrigin(name, &manifest.Backend{URL: pushpinURL(c.host.cfg.PushpinPort)}, true)
	} else if h.to = c.sb.origin(name); h.to == nil {
		c.missingBackend("handed a request off to backend", name)
		h.unknown = name
	}
	c.sb.respond(answer{handoff: h})
	return statusOK
}

// perform sends the client's request to the other server. If that upgrades the connection, perform joins both connections until
// both have ended. Then the HTTP server does not own the client's connection any more.
func (f *handoff) perform(h *Host, ex *exchange) (upgraded bool) {
	if f.to == nil {
		http.Error(ex.w, fmt.Sprintf("Backend handoff signaled to unknown backend '%s'.", f.unknown), http.StatusInternalServerError)
		return false
	}
	fail := func(status int, err error) bool {
		if ex.r.Context().Err() != nil {
			err = errors.New("the client went away before the answer")
		}
		h.notef("request %d was handed to backend %q: %v", ex.id, f.to.name, err)
		http.Error(ex.w, "Error: "+err.Error(), status)
		return false
	}
	conn, err := f.to.dial(ex.r.Context())
	if err == nil && f.to.TLS() {
		tc := tls.Client(conn, f.to.tlsConfig(false))
		if err = tc.HandshakeContext(ex.r.Context()); err != nil {
			conn.Close()
		}
		conn = tc
	}
	if err != nil {
		return fail(http.StatusInternalServerError, err)
	}
	defer conn.Close()
	// When the client goes away, the backend's connection is closed.
	stay := context.AfterFunc(ex.r.Context(), func() { conn.Close() })
	defer stay()

	out, err := f.request(ex)
	if err != nil {
		return fail(http.StatusInternalServerError, err)
	}
	if err := out.Write(conn); err != nil {
		return fail(http.StatusBadGateway, err)
	}
	limited := &io.LimitedReader{R: conn, N: maxAnswerHeader}
	br := bufio.NewReader(limited)
	resp, err := http.ReadResponse(br, out)
	if err != nil && limited.N <= 0 {
		err = fmt.Errorf("the header of its response is larger than %d bytes", maxAnswerHeader)
	}
	if err != nil {
		return fail(http.StatusBadGateway, err)
	}
	limited.N = math.MaxInt64
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		stay() // from here on the context also ends when a client closes only its sending half, and still reads
		if err := join(ex, resp, conn, br); err != nil {
			return fail(http.StatusBadGateway, err)
		}
		return true
	}
	b := &body{}
	b.addSource(&source{r: resp.Body, left: resp.ContentLength, trailers: func() headers { return fromHTTP(resp.Trailer) }})
	if err := ex.write(answer{status: resp.StatusCode, header: fromHTTP(resp.Header), body: b}); err != nil {
		panic(http.ErrAbortHandler)
	}
	return false
}

func (f *handoff) request(ex *exchange) (*http.Request, error) {
	method, target, fields := ex.r.Method, requestTarget(ex.url), ex.header
	if f.req != nil {
		method, target = f.req.method, requestTarget(f.req.uri)
		fields = nil
		for _, h := range ex.header {
			if slices.Contains(protected, h.name) {
				fields = append(fields, h)
			}
		}
		for _, h := range f.req.header {
			if !slices.Contains(protected, h.name) {
				fields = append(fields, h)
			}
		}
	}
	host := f.to.OverrideHost
	if host == "" {
		host = f.to.Address()
	}
	out, err := http.NewRequest(method, "http://"+f.to.Address(), nil)
	if err != nil {
		return nil, err
	}
	out.Host = host
	if !f.pushpin { // Pushpin's own routes add the path
		target = joinPath(f.to.URL.EscapedPath(), target)
	}
	out.URL.Opaque = target
	out.Header = http.Header{"User-Agent": {""}}
	fields.copyTo(out.Header, "host", "content-length", "transfer-encoding")
	if ua, ok := fields.get("user-agent"); ok {
		out.Header["User-Agent"] = []string{ua}
	}
	if f.pushpin {
		out.Header["Pushpin-Route"] = []string{f.to.name}
	}
	if ex.r.ContentLength != 0 {
		// The whole body is sent, including what the guest has read of it.
		ex.seen.mu.Lock()
		kept, over := ex.seen.kept, ex.seen.over
		ex.seen.mu.Unlock()
		if over {
			return nil, fmt.Errorf("the service read more than %d MB of the request's body before it handed the request off", recordLimit>>20)
		}
		out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(kept), ex.r.Body))
		out.ContentLength = ex.r.ContentLength
	}
	return out, nil
}

// join answers the client with the upgrade, and copies bytes in both directions.
func join(ex *exchange, resp *http.Response, conn net.Conn, br *bufio.Reader) error {
	client, rw, err := http.NewResponseController(ex.w).Hijack()
	if err != nil {
		return err
	}
	defer client.Close()
	fmt.Fprintf(rw, "HTTP/1.1 %s\r\n", resp.Status)
	for name, values := range resp.Header {
		for _, v := range values {
			fmt.Fprintf(rw, "%s: %s\r\n", name, strings.NewReplacer("\r", " ", "\n", " ").Replace(v))
		}
	}
	rw.WriteString("\r\n")
	if err := rw.Flush(); err != nil {
		return nil
	}
	(&tunnel{silence: maxSilence}).run(end{client, rw.Reader}, end{conn, br})
	return nil
}

func pushpinURL(port int) *url.URL {
	return &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
}
