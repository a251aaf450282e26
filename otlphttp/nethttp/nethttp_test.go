package nethttp_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp"
	small "github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// receiver is an OTLP server that keeps the names of the spans that it accepts.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	names  map[string]int
	header http.Header
	before func(w http.ResponseWriter) (done bool)
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{names: map[string]int{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		body = z
	}
	text, _ := io.ReadAll(body)
	batches, err := otlp.Decode(text)
	if err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.header = req.Header
	if r.before != nil && r.before(w) {
		return
	}
	for _, b := range batches {
		for _, d := range b.Spans {
			r.names[d.Name]++
		}
	}
	io.WriteString(w, `{"partialSuccess":{}}`)
}

func give(e trace.Exporter, names ...string) error {
	b := &trace.Batch{}
	for i, name := range names {
		b.Spans = append(b.Spans, trace.SpanData{SpanContext: trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{byte(i + 1)}}, Name: name, Start: 1, End: 2})
	}
	return e.Export(context.Background(), b)
}

func TestPost(t *testing.T) {
	for _, compress := range []func([]byte) ([]byte, error){nil, small.Compress} {
		r := newReceiver(t)
		e := otlphttp.New(otlphttp.Config{URL: r.URL, Transport: &nethttp.Transport{}, Gzip: compress, Headers: map[string]string{"x-team": "edge"}})
		require.NoError(t, give(e, "a", "b"))
		assert.Equal(t, map[string]int{"a": 1, "b": 1}, r.names)
		assert.Equal(t, "edge", r.header.Get("X-Team"))
		assert.Equal(t, "application/json", r.header.Get("Content-Type"))
		assert.Equal(t, []string{"OTel-OTLP-Exporter-Edgespan-Go/" + trace.Version}, r.header.Values("User-Agent"))
		assert.Equal(t, otlphttp.Stats{Requests: 1, Bytes: e.Stats().Bytes, Spans: 2}, e.Stats())
	}
}

func TestUserAgentOfOnesOwn(t *testing.T) {
	r := newReceiver(t)
	e := otlphttp.New(otlphttp.Config{URL: r.URL, Transport: &nethttp.Transport{}, Headers: map[string]string{"user-agent": "shop/1 " + otlphttp.UserAgent}})
	require.NoError(t, give(e, "a"))
	assert.Equal(t, []string{"shop/1 " + otlphttp.UserAgent}, r.header.Values("User-Agent"))
}

func TestRedirectIsNotFollowed(t *testing.T) {
	r := newReceiver(t)
	elsewhere := httptest.NewServer(http.RedirectHandler(r.URL, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	e := otlphttp.New(otlphttp.Config{URL: elsewhere.URL, Transport: &nethttp.Transport{}, Headers: map[string]string{"Authorization": "Bearer topsecret"}})
	require.EqualError(t, give(e, "a"), "otlphttp: the receiver answers 307")
	assert.Empty(t, r.names)
	assert.Nil(t, r.header, "the token went nowhere else")
}

func TestErrorsHideTheURL(t *testing.T) {
	e := otlphttp.New(otlphttp.Config{URL: "http://user:topsecret@127.0.0.1:1/v1/traces?key=topsecret", Transport: &nethttp.Transport{}, Attempts: 1})
	err := give(e, "a")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "topsecret")
	e = otlphttp.New(otlphttp.Config{URL: "http://127.0.0.1:topsecret/v1", Transport: &nethttp.Transport{}})
	err = give(e, "a")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "topsecret")
	assert.Equal(t, uint64(1), e.Stats().DroppedSpans)
}

func TestNonsense(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"html":    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>welcome") },
		"204 400": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400); io.WriteString(w, "\x00{") },
		"no http": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			io.WriteString(conn, "SSH-2.0-OpenSSH\r\n")
			conn.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			e := otlphttp.New(otlphttp.Config{URL: server.URL, Transport: &nethttp.Transport{}, Attempts: 1})
			require.Error(t, give(e, "a", "b"))
			s := e.Stats()
			assert.Equal(t, uint64(2), s.RejectedSpans+s.DroppedSpans)
			assert.Zero(t, s.Spans)
		})
	}
}

// A status of 2xx is a success, whatever the body is.
func TestSuccessWithNonsense(t *testing.T) {
	for _, body := range []string{"OK", "null", strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 5000), "\x00\x01\x02\xff"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			io.WriteString(w, body)
		}))
		e := otlphttp.New(otlphttp.Config{URL: server.URL, Transport: &nethttp.Transport{}, Attempts: 1})
		require.NoError(t, give(e, "a", "b"))
		assert.Equal(t, uint64(2), e.Stats().Spans)
		server.Close()
	}
}

// An incomplete body is judged like a complete one, so that spans which a receiver has accepted are not sent again.
func TestBodyThatBreaksOff(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   otlphttp.Stats
	}{
		{200, "{", otlphttp.Stats{Spans: 2}},
		{202, "", otlphttp.Stats{Spans: 2}},
		{200, "<html>Log in", otlphttp.Stats{Failures: 1, DroppedSpans: 2}},
		{400, `{"message":"no`, otlphttp.Stats{Failures: 1, RejectedSpans: 2}},
		{503, "{", otlphttp.Stats{Failures: 1, DroppedSpans: 2}},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		e := otlphttp.New(otlphttp.Config{URL: server.URL, Transport: &nethttp.Transport{}, Attempts: 1})
		err := give(e, "a", "b")
		assert.Equal(t, c.want.Spans == 0, err != nil, "%d %q: %v", c.status, c.body, err)
		c.want.Requests, c.want.Bytes = 1, e.Stats().Bytes
		assert.Equal(t, c.want, e.Stats(), "%d %q", c.status, c.body)
		server.Close()
	}
}

// With a receiver that answers at random and many goroutines, each span is accepted once, or counted.
func TestSentIsReceived(t *testing.T) {
	r := newReceiver(t)
	flaky := true
	r.before = func(w http.ResponseWriter) bool {
		if !flaky || rand.IntN(2) == 0 {
			return false
		}
		w.WriteHeader([]int{429, 503, 502, 400}[rand.IntN(4)])
		return true
	}
	e := otlphttp.New(otlphttp.Config{URL: r.URL, Transport: &nethttp.Transport{}, Gzip: small.Compress, MaxBody: 2000})
	p := batch.New(batch.Config{Sink: e, Spans: 20, Age: time.Millisecond, Backoff: time.Microsecond, MaxBackoff: time.Millisecond, Attempts: -1, MaxSpans: 1 << 20})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 100 {
				_ = give(p, fmt.Sprint(g, "/", i, "a"), fmt.Sprint(g, "/", i, "b"))
			}
		}()
	}
	wg.Wait()
	r.mu.Lock()
	flaky = false
	r.mu.Unlock()
	_ = p.Shutdown(context.Background())
	s := p.Stats()
	assert.Equal(t, uint64(1600), s.Given)
	assert.Equal(t, s.Given, s.Sent+s.Rejected, "%+v", s)
	assert.Len(t, r.names, int(s.Sent))
	for name, n := range r.names {
		assert.Equal(t, 1, n, name)
	}
	t.Logf("%+v; %+v", s, e.Stats())
}

// A receiver that breaks off every connection is reported once, although each connection has another port.
func TestBrokenConnectionsAreToldOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1<<16))
			_ = c.(*net.TCPConn).SetLinger(0) // makes Close send a reset
			_ = c.Close()
		}
	}()
	var dialer net.Dialer
	dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) { // a name server that does the same
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	reset := "read tcp " + l.Addr().String() + ": read: connection reset by peer"
	if runtime.GOOS == "windows" {
		reset = "read tcp " + l.Addr().String() + ": wsarecv: "
	}
	for url, want := range map[string]string{
		"http://" + l.Addr().String(): "otlphttp: " + reset,
		"http://collector.example":    reset,
	} {
		e := otlphttp.New(otlphttp.Config{URL: url, Transport: &nethttp.Transport{Client: client}, Attempts: 1})
		b := &trace.Batch{Spans: make([]trace.SpanData, 1)}
		require.ErrorContains(t, e.Export(context.Background(), b), want)
		for range 3 {
			require.NoError(t, e.Export(context.Background(), b), "it is known")
		}
	}
}
