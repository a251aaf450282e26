package host

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequestTarget(t *testing.T) {
	for uri, want := range map[string]string{
		"/": "/", "": "/", "*": "/", "/a?b=c#d": "/a?b=c", "/a%20b": "/a%20b", "//a//b": "//a//b",
		"http://h": "/", "http://h?q": "/?q", "http://h/p?q=http://x": "/p?q=http://x", "/p?u=http://h/x": "/p?u=http://h/x",
	} {
		assert.Equal(t, want, requestTarget(uri), uri)
	}
}

func TestValidTarget(t *testing.T) {
	for target, valid := range map[string]bool{
		"/": true, `/{"a":1}`: true, "/a|b^c": true, "/?a{}|^`": true, "/%zz": true, "/a?b?c": true,
		"/a b": false, "/<": false, "/`": false, "/\x7f": false, "/\xff": false, "/ü": false, "/?\"": false, "/?>": false, "/?\x01": false,
	} {
		assert.Equal(t, valid, validTarget(target), "%q", target)
	}
}

func TestOddRequests(t *testing.T) {
	f := start(t, "")
	for _, tt := range []struct{ head, want string }{
		{"GET / HTTP/1.0\r\nHost: a.example\r\n\r\n", "GET http://a.example/ HTTP/1.0 from 127.0.0.1"},
		{"GET http://a.example/ HTTP/1.0\r\n\r\n", "GET http://a.example/ HTTP/1.0 from 127.0.0.1"},
		{"GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 400 Bad Request"},
		{"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", "edgespan serve: the request names no host"},
		{"OPTIONS /?x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "OPTIONS http://a.example/?x HTTP/1.1"},
		{"OPTIONS * HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "OPTIONS http://a.example HTTP/1.1"},
		{"GET * HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "edgespan serve: only OPTIONS may ask for *"},
		{"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nConnection: close\r\n\r\n", "edgespan serve: CONNECT asks for a tunnel"},
		{"M!#$%&'*+-.^_`|~X / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "M!#$%&'*+-.^_`|~X http://a.example/ HTTP/1.1"},
		{"GET http://a.example/?q HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "GET http://a.example/?q HTTP/1.1"},
		{"BREW /?a={} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "BREW http://a.example/?a={} HTTP/1.1"},
		{"GET /\xff HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET /\x01 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 Bad Request"},
	} {
		conn := dial(t, f.url)
		fmt.Fprint(conn, tt.head)
		answer, err := io.ReadAll(conn)
		assert.NoError(t, err)
		assert.Contains(t, string(answer), tt.want, "%q", tt.head)
	}
}

// net/http refuses these requests without calling the host. The developer gets a notice, because on Viceroy the service would end.
func TestBrokenEscape(t *testing.T) {
	f := start(t, "")
	ask := func(conn io.ReadWriter, target string) {
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a.example\r\n\r\n", target)
	}
	conn := dial(t, f.url)
	r := bufio.NewReader(conn)
	ask(conn, "/?%zz")
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	io.Copy(io.Discard, resp.Body)
	assert.Equal(t, 200, resp.StatusCode)
	assert.Empty(t, f.stderr.String(), "of a query nobody parses the escapes at this point")

	ask(conn, "/%zz") // on the same connection
	answer, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"+
		`edgespan serve: invalid URL escape "%zz" in the path`+"\n", string(answer))
	f.stderr.eventually(t, `edgespan serve: GET "/%zz": invalid URL escape "%zz" in the path: the client got a 400, and the service was not called; on Viceroy it is called`)

	f.stderr.clear()
	conn = dial(t, f.url) // net/http reads its first bytes separately, since they may be HTTP/2
	ask(conn, "/%2")
	answer, err = io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(answer), `edgespan serve: invalid URL escape "%2" in the path`)
	f.stderr.eventually(t, `edgespan serve: GET "/%2": invalid URL escape "%2" in the path: `)

	f.stderr.clear()
	conn = dial(t, f.url)
	ask(conn, "x")
	answer, err = io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "400 Bad Request")
	assert.Empty(t, f.stderr.String(), "which Viceroy refuses as well")
}

// net/http accepts these hosts, but the service could not read its URL, and would end.
func TestBadHost(t *testing.T) {
	f := start(t, "")
	for host, why := range map[string]string{
		"h:x": `invalid port ":x" after host`, "h:-1": `invalid port ":-1" after host`, "h:1:2": "invalid port", "h[": "",
		"[::1": "missing ']' in host", "[::1]x": `invalid port "x" after host`, "[::g]": "", "[]": "", "[fe80::1%en0]": "",
		"h%zz": `invalid URL escape "%zz"`, "h%41": `invalid URL escape "%41"`,
	} {
		f.stderr.clear()
		conn := dial(t, f.url)
		fmt.Fprintf(conn, "GET /a?b HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		reason := fmt.Sprintf("the host %q is not valid in a URL: %s", host, why)
		assert.Contains(t, string(answer), "HTTP/1.1 400 Bad Request\r\n", host)
		assert.Contains(t, string(answer), "\r\n\r\nedgespan serve: "+reason, host)
		f.stderr.eventually(t, `edgespan serve: GET "/a?b": `+reason)
		assert.Contains(t, f.stderr.String(), ": the client got a 400, and the service was not called; ")
		assert.Equal(t, 1, strings.Count(f.stderr.String(), "\n"))
	}
	for _, host := range []string{"h", "h:", "h:99999", "[::1]", "[::1]:80", "[fe80::1%25en0]", ":80", "h!$&'()*+,;=_~"} {
		conn := dial(t, f.url)
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Contains(t, string(answer), "HTTP/1.1 200 OK\r\n", host)
	}
}
