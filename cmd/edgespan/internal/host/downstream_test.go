package host

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHello(t *testing.T) {
	f := start(t, "")
	resp, body := f.get("/?a=%2F&b={}")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "GET "+f.url+"/?a=%2F&b={} HTTP/1.1 from 127.0.0.1", body)
	assert.Empty(t, resp.Header.Get("Content-Type"), "nothing that the guest did not set")

	resp, body = f.get("/nothing")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Empty(t, body)

	resp, err := http.Head(f.url + "/")
	require.NoError(t, err)
	assert.Equal(t, 200, resp.StatusCode)
}

func TestEnvironment(t *testing.T) {
	f := start(t, "")
	f.body("/")
	assert.Equal(t, strings.Join([]string{
		"FASTLY_CACHE_GENERATION=0",
		"FASTLY_CUSTOMER_ID=0000000000000000000000",
		"FASTLY_POP=XXX",
		"FASTLY_REGION=Somewhere",
		"FASTLY_SERVICE_ID=0000000000000000000000",
		"FASTLY_SERVICE_VERSION=0",
		"FASTLY_HOSTNAME=localhost",
		"FASTLY_IS_STAGING=0",
		"FASTLY_TRACE_ID=00000000000000000000000000000001", // the second request
		"",
	}, "\n"), f.body("/env"))
}

func TestConcurrentRequestsHaveSandboxesOfTheirOwn(t *testing.T) {
	f := start(t, "", func(c *Config) { c.MaxSandboxes = 3 })
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 20 {
		wg.Go(func() {
			body := f.body("/env")
			mu.Lock()
			defer mu.Unlock()
			seen[body] = true
		})
	}
	wg.Wait()
	assert.Len(t, seen, 20, "each has its own FASTLY_TRACE_ID")
}

func TestRequestBody(t *testing.T) {
	f := start(t, "")
	large := strings.Repeat("0123456789abcdef", 64<<10) // 1 MB
	for name, r := range map[string]io.Reader{
		"known length":   strings.NewReader(large),
		"unknown length": io.MultiReader(strings.NewReader(large)),
	} {
		resp, err := http.Post(f.url+"/echo", "text/plain", r)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.True(t, large == string(body), name)
	}
}

// A body that the guest does not read must not disturb the connection's next request.
func TestUnreadRequestBody(t *testing.T) {
	f := start(t, "")
	for range 30 {
		resp, err := http.Post(f.url+"/nothing", "text/plain", strings.NewReader("hello"))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		require.Equal(t, 200, resp.StatusCode)
	}
}

// Most clients read the response only after they have sent their whole body.
func TestLargeUnreadRequestBody(t *testing.T) {
	f := start(t, "")
	body := strings.Repeat("x", 10_000_000)
	for _, framed := range []string{
		"Content-Length: 10000000\r\n\r\n" + body,
		"Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body),
	} {
		for _, path := range []string{"/nothing", "/panic", "/hints"} {
			conn := dial(t, f.url)
			r := bufio.NewReader(conn)
			for _, connection := range []string{"keep-alive", "close"} { // the second on the connection of the first
				_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: a.example\r\nConnection: %s\r\n%s", path, connection, framed)
				require.NoError(t, err)
				resp, err := http.ReadResponse(r, nil)
				for err == nil && resp.StatusCode == http.StatusEarlyHints {
					resp, err = http.ReadResponse(r, nil)
				}
				require.NoError(t, err, path)
				_, err = io.Copy(io.Discard, resp.Body)
				require.NoError(t, err)
			}
			_, err := r.ReadByte()
			assert.Equal(t, io.EOF, err, "the connection ends in order")
		}
	}
}

// The server may reset a stream whose body nobody reads, but curl then fails.
func TestLargeUnreadRequestBodyOverHTTP2(t *testing.T) {
	f := start(t, "")
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	body := &upload{r: strings.NewReader(strings.Repeat("x", 10_000_000)), over: make(chan struct{})}
	resp, err := (&http.Client{Transport: transport}).Post(f.url+"/nothing", "text/plain", body)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
	<-body.over
	assert.Zero(t, body.r.Len(), "the client could send all of it")
}

// upload is a body that tells when the client is done with it.
type upload struct {
	r    *strings.Reader
	over chan struct{}
	once sync.Once
}

func (u *upload) Read(p []byte) (int, error) { return u.r.Read(p) }

func (u *upload) Close() error {
	u.once.Do(func() { close(u.over) })
	return nil
}

// A body without an end is not read for ever.
func TestEndlessUnreadRequestBody(t *testing.T) {
	f := start(t, "", func(c *Config) { c.drainLimit = drainLimit{time.Second, 50 * time.Millisecond} })
	conn := dial(t, f.url)
	fmt.Fprint(conn, "POST /nothing HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n")
	var err error
	for err == nil { // until the deadline of the test at the latest
		_, err = fmt.Fprint(conn, "1\r\nx\r\n")
	}
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
}

func TestHeadersArriveAsSent(t *testing.T) {
	f := start(t, "")
	conn := dial(t, f.url)
	fmt.Fprintf(conn, "GET /headers HTTP/1.1\r\nHost: a.example\r\nX-Two: 1\r\nx-two: 2\r\nX-Bytes: \xff \x80\r\nConnection: close\r\n\r\n")
	body, err := io.ReadAll(conn)
	require.NoError(t, err)
	for _, want := range []string{"Host: a.example\n", "X-Two: 1, 2\n", "X-Bytes: \xff \x80\n"} {
		assert.Contains(t, string(body), want)
	}
}

// The response is complete when the guest closes it, not when the guest ends.
func TestResponseDoesNotWaitForTheGuest(t *testing.T) {
	f := start(t, declared)
	assert.Equal(t, "done", f.body("/after"))
	assert.NotContains(t, f.stdout.String(), "afterwards", "the guest logs two seconds after it closed the response")
	f.stdout.eventually(t, "declared :: afterwards\n")
}

// Each piece reaches the client before the guest may write the next one.
func TestResponseStreams(t *testing.T) {
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-gate }))
	defer server.Close()
	f := start(t, backend("gate", server.URL))
	resp, err := http.Get(f.url + "/stream")
	require.NoError(t, err)
	r := bufio.NewReader(resp.Body)
	for i := range 3 {
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("piece %d\n", i), line)
		gate <- struct{}{}
	}
	_, err = r.ReadByte()
	assert.Equal(t, io.EOF, err)
}

func TestEarlyHints(t *testing.T) {
	f := start(t, "")
	var hints []string
	req, _ := http.NewRequest("GET", f.url+"/hints", nil)
	req = req.WithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			hints = append(hints, fmt.Sprint(code, " ", h.Get("Link")))
			return nil
		},
	}))
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, _ := io.ReadAll(resp.Body)
	assert.Equal(t, []string{"103 </style.css>; rel=preload"}, hints)
	assert.Equal(t, 201, resp.StatusCode)
	assert.Equal(t, "yes", resp.Header.Get("X-Final"))
	assert.Equal(t, "body", string(body))
}

func TestTrailers(t *testing.T) {
	f := start(t, "")
	resp, body := f.get("/trailers")
	assert.Equal(t, "body", body)
	assert.Equal(t, "42", resp.Trailer.Get("X-Sum"))
}

func TestManualFraming(t *testing.T) {
	f := start(t, "")
	resp, body := f.get("/framing?length=4")
	assert.Equal(t, int64(4), resp.ContentLength)
	assert.Equal(t, "body", body)

	resp, body = f.get("/framing?length=nonsense")
	assert.Equal(t, 200, resp.StatusCode, "framing that makes no sense is replaced")
	assert.Equal(t, "body", body)
}

func TestGuestThatFails(t *testing.T) {
	f := start(t, "")
	for _, tt := range []struct{ path, want string }{{"/panic", "code 2"}, {"/exit", "code 3"}} {
		resp, body := f.get(tt.path)
		assert.Equal(t, 500, resp.StatusCode)
		assert.Contains(t, body, "exited with "+tt.want)
		f.stderr.eventually(t, "GET "+tt.path+": the service exited with "+tt.want+" before it sent a response; the client got a 500\n")
	}
	assert.Contains(t, f.stderr.String(), "panic: no answer", "the guest's own words")

	resp, err := http.Get(f.url + "/panicking")
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	assert.Equal(t, "half", string(body))
	assert.Error(t, err, "a response that is not complete must not look complete")
	f.stderr.eventually(t, "after it had sent its response")
}

// Text of clients and backends must not control the terminal or look like a notice.
func TestNoticesAreFitForATerminal(t *testing.T) {
	f := start(t, "")
	f.get("/panic%1b[31m%07%0aforged")
	f.stderr.eventually(t, "GET /panic%1b[31m%07%0aforged: the service exited with code 2 before it sent a response")
	f.host.notef("backend %s: %v", "\x1b[31m", "no\nedgespan serve: forged\a")
	f.stderr.eventually(t, `edgespan serve: backend \x1b[31m: no\nedgespan serve: forged\x07`+"\n")
	assert.NotContains(t, f.stderr.String(), "\x1b")
	assert.NotContains(t, f.stderr.String(), "\nforged")
}

func TestGuestThatNeedsTooMuchMemory(t *testing.T) {
	f := start(t, "")
	assert.Equal(t, "true true", f.body("/heap?mb=40"))
	resp, _ := f.get("/heap?mb=400")
	assert.Equal(t, 500, resp.StatusCode)
	assert.Equal(t, 200, first(f.get("/")).StatusCode, "the host goes on")
}

func TestClientThatLeaves(t *testing.T) {
	f := start(t, declared)
	conn := dial(t, f.url)
	fmt.Fprintf(conn, "GET /after HTTP/1.1\r\nHost: a.example\r\n\r\n")
	conn.Close()
	f.stdout.eventually(t, "declared :: afterwards\n")
}

func TestHTTP2(t *testing.T) {
	f := start(t, "")
	server := httptest.NewUnstartedServer(f.host)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	transport := &http.Transport{Protocols: server.Config.Protocols}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(server.URL + "/trailers")
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "body", string(body))
	assert.Equal(t, "HTTP/2.0", resp.Proto)
	assert.Equal(t, "42", resp.Trailer.Get("X-Sum"))
}

func dial(t *testing.T, url string) net.Conn {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	conn.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { conn.Close() })
	return conn
}

func first[A, B any](a A, _ B) A { return a }

// answerBeforeBody sends a request without its body of four bytes, and returns the answer.
func answerBeforeBody(t *testing.T, headers string, limit drainLimit) (conn net.Conn, r *bufio.Reader, body string) {
	f := start(t, "", func(c *Config) { c.drainLimit = limit })
	conn = dial(t, f.url)
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n"+headers+"\r\n")
	r = bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return conn, r, string(text)
}

// A client that waits for '100 Continue' gets the whole response even if nobody reads its body.
func TestAnUnwantedBodyIsNotWaitedFor(t *testing.T) {
	_, _, body := answerBeforeBody(t, "Expect: 100-continue\r\n", drainLimit{time.Hour, time.Hour})
	assert.Contains(t, body, "POST http://a.example/")
}

// Bytes of a body that arrive after it is given up must not be taken for a request.
func TestALateBodyIsNoRequest(t *testing.T) {
	conn, r, _ := answerBeforeBody(t, "", drainLimit{time.Millisecond, time.Hour})
	fmt.Fprint(conn, "bodyGET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
	_, err := http.ReadResponse(r, nil)
	assert.Error(t, err)
}
