package host

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
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
