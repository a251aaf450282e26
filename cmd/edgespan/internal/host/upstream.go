package host

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// origin is a backend with the connections to it.
type origin struct {
	name    string
	dynamic bool
	*manifest.Backend

	mu           sync.Mutex
	http1, http2 *http.Transport
}

func newOrigin(name string, b *manifest.Backend, dynamic bool) *origin {
	return &origin{name: name, Backend: b, dynamic: dynamic}
}

// transport returns the connections for HTTP/1.1 or HTTP/2. They go to the backend's address whatever the request's
// URL says.
func (o *origin) transport(h2 bool) *http.Transport {
	o.mu.Lock()
	defer o.mu.Unlock()
	slot := &o.http1
	if h2 {
		slot = &o.http2
	}
	if *slot == nil {
		t := &http.Transport{
			DisableCompression:     true, // the guest decides about encodings
			MaxIdleConnsPerHost:    64,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 1 << 20,
			TLSClientConfig:        o.tlsConfig(h2),
			TLSHandshakeTimeout:    30 * time.Second,
			Protocols:              new(http.Protocols),
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return o.dial(ctx)
			},
		}
		t.Protocols.SetHTTP1(!h2)
		t.Protocols.SetHTTP2(h2)
		t.Protocols.SetUnencryptedHTTP2(h2)
		*slot = t
	}
	return *slot
}

func (o *origin) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range []*http.Transport{o.http1, o.http2} {
		if t != nil {
			t.CloseIdleConnections()
		}
	}
}

// dial connects to the backend. Without a connect timeout of its own it gets a generous one.
func (o *origin) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: 30 * time.Second}
	if o.ConnectTimeout > 0 {
		d.Timeout = o.ConnectTimeout
	}
	return d.DialContext(ctx, "tcp", o.Address())
}

func (o *origin) tlsConfig(h2 bool) *tls.Config {
	name := o.CertHost
	if name == "" {
		name = o.Host()
	}
	cfg := &tls.Config{ServerName: name, MinVersion: o.TLSMin, MaxVersion: o.TLSMax}
	if len(o.CAs) > 0 {
		cfg.RootCAs = x509.NewCertPool()
		for _, ca := range o.CAs {
			cfg.RootCAs.AddCert(ca)
		}
	}
	if o.ClientCert != nil {
		cfg.Certificates = []tls.Certificate{*o.ClientCert}
	}
	if h2 {
		cfg.NextProtos = []string{"h2"}
	}
	if o.NoSNI {
		// crypto/tls sends the name it verifies. To send none, the verification has to be done apart.
		cfg.ServerName, cfg.InsecureSkipVerify = "", true
		cfg.VerifyConnection = func(cs tls.ConnectionState) error {
			opts := x509.VerifyOptions{DNSName: name, Roots: cfg.RootCAs, Intermediates: x509.NewCertPool()}
			for _, c := range cs.PeerCertificates[1:] {
				opts.Intermediates.AddCert(c)
			}
			_, err := cs.PeerCertificates[0].Verify(opts)
			return err
		}
	}
	return cfg
}

// pending is a request on its way to a backend. After done is closed, either response or err is set.
type pending struct {
	done     chan struct{}
	response *response
	err      *sendError
}

// send starts the request and does not wait for its response.
func (h *Host) send(o *origin, req *request, b *body) *pending {
	p := &pending{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.response, p.err = h.roundTrip(o, req, b)
		if p.err != nil {
			h.verbosef("backend %s (%s): %v", o.name, o.Backend.URL, p.err)
		}
	}()
	return p
}

// roundTrip sends the request and waits for the head of the response. The request's own URL gives path, query and,
// where the backend does not override it, the Host header.
func (h *Host) roundTrip(o *origin, req *request, b *body) (*response, *sendError) {
	host, ok := o.OverrideHost, o.OverrideHost != ""
	if !ok {
		host, ok = req.header.get("host")
	}
	target, err := url.Parse(req.uri)
	if err != nil {
		b.discard()
		return nil, &sendError{tag: detailURIInvalid, err: err}
	}
	if !ok {
		if host = target.Host; host == "" {
			host = o.Backend.URL.Host
		}
	}

	out := &http.Request{
		Method: req.method,
		URL:    &url.URL{Scheme: "http", Host: host, Opaque: ""},
		Host:   host,
		Header: http.Header{"User-Agent": {""}}, // net/http adds its own name to a request without
	}
	if o.TLS() {
		out.URL.Scheme = "https"
	}
	// Opaque keeps the path as the guest wrote it, where URL.Path would encode it anew. Two slashes in front would be
	// taken for a host, so there the target is sent in absolute form.
	out.URL.Opaque = joinPath(o.Backend.URL.EscapedPath(), requestTarget(req.uri))
	if strings.HasPrefix(out.URL.Opaque, "//") {
		out.URL.Opaque = "//" + host + out.URL.Opaque
	}

	except := []string{"host", "content-length", "transfer-encoding"}
	length, known := b.length()
	out.ContentLength = -1
	if known {
		out.ContentLength = int64(length)
	}
	if req.manual && soundFraming(req.header) {
		if v, ok := req.header.get("content-length"); ok {
			out.ContentLength = parseLength(v)
		} else {
			out.ContentLength = -1
		}
	}
	if v := req.header.values("user-agent"); len(v) > 0 {
		delete(out.Header, "User-Agent")
	}
	req.header.copyTo(out.Header, except...)

	ctx, cancel := context.WithCancelCause(context.Background())
	if known && length == 0 && out.ContentLength <= 0 {
		out.ContentLength, out.Body = 0, http.NoBody
		b.discard()
	} else if data, ok := b.inMemory(); ok {
		// With GetBody, a request that meets a connection just closed can be sent once more.
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
		out.Body, _ = out.GetBody()
	} else {
		out.Body = reader{ctx, b}
	}
	if len(b.trailers) > 0 {
		out.Trailer = http.Header{}
		b.trailers.copyTo(out.Trailer)
	}
	var remote netip.AddrPort
	out = out.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		remote, _ = netip.ParseAddrPort(info.Conn.RemoteAddr().String())
	}}))

	var timer *time.Timer
	if o.FirstByteTimeout > 0 {
		timer = time.AfterFunc(o.FirstByteTimeout, func() { cancel(errFirstByte) })
	}
	resp, err := o.transport(o.GRPC || req.version == versionH2).RoundTrip(out)
	if timer != nil && !timer.Stop() && err == nil {
		resp.Body.Close()
		err = errFirstByte
	}
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		cancel(nil)
		return nil, explain(err)
	}
	answer := o.response(req, resp, cancel)
	answer.pass, answer.remote = req.pass, remote
	return answer, nil
}

var (
	errFirstByte    = errors.New("the backend did not answer within its first-byte timeout")
	errBetweenBytes = errors.New("the backend stopped sending for longer than its between-bytes timeout")
)

func (o *origin) response(req *request, resp *http.Response, cancel context.CancelCauseFunc) *response {
	out := &response{status: resp.StatusCode, header: fromHTTP(resp.Header), version: versionOf(resp.ProtoMajor, resp.ProtoMinor), body: &body{}}
	for _, te := range resp.TransferEncoding {
		out.header = append(out.header, field{"transfer-encoding", te})
	}
	left := resp.ContentLength
	if resp.Request.Method == http.MethodHead || resp.Body == http.NoBody {
		left = 0
	}
	var r io.ReadCloser = &slowReader{ReadCloser: resp.Body, timeout: o.BetweenBytesTimeout, cancel: cancel}
	if coding, _ := out.header.get("content-encoding"); req.decompress && (coding == "gzip" || coding == "x-gzip") && resp.Request.Method != http.MethodHead {
		r, left = &gunzip{from: r}, -1
		out.header.remove("content-encoding")
		out.header.remove("content-length")
	}
	if left == 0 {
		r.Close()
		return out
	}
	out.body.addSource(&source{r: r, left: left, trailers: func() headers { return fromHTTP(resp.Trailer) }})
	return out
}

// slowReader fails a read that waits longer than the timeout, and frees the request's context at the end.
type slowReader struct {
	io.ReadCloser
	timeout time.Duration
	cancel  context.CancelCauseFunc
}

func (s *slowReader) Read(p []byte) (int, error) {
	if s.timeout <= 0 {
		return s.ReadCloser.Read(p)
	}
	timer := time.AfterFunc(s.timeout, func() { s.cancel(errBetweenBytes) })
	n, err := s.ReadCloser.Read(p)
	if !timer.Stop() && n == 0 {
		err = errBetweenBytes
	}
	return n, err
}

func (s *slowReader) Close() error {
	err := s.ReadCloser.Close()
	s.cancel(nil)
	return err
}

// gunzip decompresses; it reads nothing before it is read from.
type gunzip struct {
	from io.ReadCloser
	z    *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, err
		}
		g.z = z
	}
	return g.z.Read(p)
}

func (g *gunzip) Close() error { return g.from.Close() }

func parseLength(s string) int64 {
	var n int64
	for _, c := range []byte(s) {
		if n > 1<<58 {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
