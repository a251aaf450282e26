package host

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/freeport"
)

func TestBackendRequest(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Origin", "yes")
		w.WriteHeader(203)
		fmt.Fprintf(w, "%s %s %s %d %q", r.Method, r.Host, r.RequestURI, r.ContentLength, r.Header)
	}))
	defer origin.Close()
	f := start(t, backend("plain", origin.URL)+backend("prefixed", origin.URL+"/pre/")+
		backend("named", origin.URL)+"override_host = \"over.example\"\n")
	for _, tt := range []struct{ backend, path, want string }{
		{"plain", "/a%2520b%3Fc%3D1", "GET asked.example /a%20b?c=1 0 map[]"},
		{"prefixed", "/a", "GET asked.example /pre/a 0 map[]"},
		{"named", "", "GET over.example / 0 map[]"},
	} {
		resp, body := f.get("/fetch?backend=" + tt.backend + "&path=" + tt.path)
		assert.Equal(t, 203, resp.StatusCode)
		assert.Equal(t, "yes", resp.Header.Get("X-Origin"))
		assert.Equal(t, tt.want, body, tt.backend)
	}
}

func TestBackendUpload(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%d %s", r.ContentLength, body)
	}))
	defer origin.Close()
	f := start(t, backend("origin", origin.URL))
	assert.Equal(t, "-1 part 0\npart 1\npart 2\n", f.body("/upload?backend=origin"))
}

// The backend answers the first request only when it has the second, so both must be sent at the same time.
func TestParallelBackendRequests(t *testing.T) {
	meet := make(chan struct{})
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case meet <- struct{}{}:
		case <-meet:
		case <-time.After(patience):
			w.WriteHeader(500)
		}
		io.WriteString(w, "met")
	}))
	defer origin.Close()
	f := start(t, backend("origin", origin.URL))
	assert.Equal(t, "[met met]", f.body("/parallel?backend=origin"))
}

func TestGzip(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, "unpacked")
		z.Close()
	}))
	defer origin.Close()
	f := start(t, backend("origin", origin.URL))
	resp, body := f.get("/fetch?backend=origin&gzip=1")
	assert.Equal(t, "unpacked", body)
	assert.Empty(t, resp.Header.Get("Content-Encoding"))
	raw := f.body("/fetch?backend=origin")
	assert.Equal(t, "unpacked", raw, "net/http unpacks what the guest did not")
}

// Appending a body that is still arriving does not make the guest wait: it goes on while the client waits for the backend.
func TestAppendDoesNotWait(t *testing.T) {
	release := make(chan struct{})
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "one ")
		w.(http.Flusher).Flush()
		<-release
		io.WriteString(w, "two")
	}))
	defer origin.Close()
	f := start(t, declared+backend("origin", origin.URL))
	resp, err := http.Get(f.url + "/append?backend=origin")
	require.NoError(t, err)
	buf := make([]byte, 5)
	_, err = io.ReadFull(resp.Body, buf)
	require.NoError(t, err)
	assert.Equal(t, "<one ", string(buf))
	f.stdout.eventually(t, "declared :: closed\n") // while the backend is still sending
	close(release)
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "two>", string(rest))
}

func TestSendErrors(t *testing.T) {
	refused, err := freeport.Address()
	require.NoError(t, err)
	silent := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	hangup := listen(t, func(c net.Conn) { c.Read(make([]byte, 4096)) })
	garbage := listen(t, func(c net.Conn) {
		c.Read(make([]byte, 4096))
		io.WriteString(c, "SMTP ready\r\n\r\n")
	})
	halfway := listen(t, func(c net.Conn) {
		c.Read(make([]byte, 4096))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
	})
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer untrusted.Close()
	stalling := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "part")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer stalling.Close()

	at := func(l net.Listener) string { return "http://" + l.Addr().String() }
	f := start(t, backend("refused", "http://"+refused)+
		backend("silent", at(silent))+"first_byte_timeout_ms = 300\n"+
		backend("hangup", at(hangup))+backend("garbage", at(garbage))+backend("halfway", at(halfway))+
		backend("untrusted", untrusted.URL)+backend("nowhere", "http://host.invalid")+
		backend("plain-tls", "https://"+garbage.Addr().String())+
		backend("stalling", stalling.URL)+"between_bytes_timeout_ms = 300\n")
	for _, tt := range []struct{ backend, want string }{
		{"refused", "connection refused"},
		{"silent", "response timeout"},
		{"hangup", "incomplete"},
		{"garbage", "HTTP"},
		{"untrusted", "certificate"},
		{"nowhere", "DNS"},
		{"plain-tls", "TLS"},
		{"unheard-of", "backend not found"},
	} {
		resp, body := f.get("/fetch?backend=" + tt.backend)
		assert.Equal(t, 502, resp.StatusCode, tt.backend)
		assert.Contains(t, strings.ToLower(body), strings.ToLower(tt.want), tt.backend)
	}
	assert.Contains(t, f.body("/fetch?backend=halfway"), "part!", "the guest learns that the body broke off")
	assert.Contains(t, f.body("/fetch?backend=stalling"), "part!")
	assert.Contains(t, f.stderr.String(), `backend "unheard-of", which does not exist; known are: garbage, halfway, `)
}

// A developer whose backend does not run has to learn that from the host: the client sees only what the service makes of it.
func TestFirstFailureOfABackendIsReported(t *testing.T) {
	address, err := freeport.Address()
	require.NoError(t, err)
	refusing := "http://user:s3cr3t@" + address
	f := start(t, backend("one", refusing)+backend("two", refusing))
	for range 2 {
		f.get("/fetch?backend=one")
		f.get("/fetch?backend=two")
	}
	said := f.stderr.String()
	assert.Equal(t, 2, strings.Count(said, "\n"), said)
	assert.Regexp(t, `backend "one" \(http://user:xxxxx@127[.]0[.]0[.]1:\d+\): .*refused.*; is it running\? \(further failures are reported with --verbose\)\n`, said)
	assert.NotContains(t, said, "s3cr3t")

	f = start(t, backend("one", refusing), func(c *Config) { c.Verbose = true })
	f.get("/fetch?backend=one")
	f.get("/fetch?backend=one")
	assert.Equal(t, 2, strings.Count(f.stderr.String(), `backend "one"`))
}

// The failure of an upload is not the backend's, and does not count as its first.
func TestFailureOfAnUploadIsNotTheBackends(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	f := start(t, backend("origin", server.URL))
	send := func(r io.Reader) error {
		b := &body{}
		b.addSource(&source{r: io.NopCloser(r), left: -1})
		p := f.host.send(newOrigin("origin", f.host.manifest.Backends["origin"], false), &request{method: "POST", uri: "http://a.example/"}, b)
		<-p.done
		if p.err == nil {
			p.response.body.discard()
			return nil
		}
		return p.err
	}
	assert.NoError(t, send(strings.NewReader("all of it")))
	assert.ErrorContains(t, send(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))), "unexpected EOF")
	assert.Empty(t, f.stderr.String())
	server.Close()
	assert.Error(t, send(strings.NewReader("all of it")))
	assert.Contains(t, f.stderr.String(), `backend "origin" (`+server.URL+`): `)
}

func TestDynamicBackend(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host)
	}))
	defer origin.Close()
	f := start(t, "")
	target := strings.TrimPrefix(origin.URL, "http://")
	assert.Equal(t, "dyn dynamic=true again=true\nover.example", f.body("/dynamic?target="+target))
	assert.Equal(t, "dyn dynamic=true again=true\nover.example", f.body("/dynamic?target="+target), "gone with its sandbox")
	assert.Contains(t, f.body("/dynamic?target=a%20b"), "register: ")
}

// listen serves each connection with the function and closes it.
func listen(t *testing.T, serve func(net.Conn)) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	if serve != nil {
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer c.Close()
					serve(c)
				}()
			}
		}()
	}
	return l
}
