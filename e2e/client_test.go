package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// caller is the span from which a request claims to come. Each request of the suite has its own.
type caller struct {
	trace trace.TraceID
	span  trace.SpanID
}

func newCaller() (c caller) {
	rand.Read(c.trace[:])
	rand.Read(c.span[:])
	return c
}

// traceparent returns the header that a correct client sends.
func (c caller) traceparent() string {
	return "00-" + hex.EncodeToString(c.trace[:]) + "-" + hex.EncodeToString(c.span[:]) + "-01"
}

// client reuses no connections, so that tests do not depend on each other.
var client = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// reply is a response that has been read to its end.
type reply struct {
	*http.Response
	caller
	body string
	took time.Duration // from before the request until the last byte
}

// get sends a GET and reads the whole response. Each edit may change the request before it is sent.
func (s *service) get(t *testing.T, path string, edits ...func(*http.Request)) reply {
	t.Helper()
	return s.send(t, http.MethodGet, path, nil, edits...)
}

func (s *service) send(t *testing.T, method, path string, body io.Reader, edits ...func(*http.Request)) reply {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+s.use(t).addr+path, body)
	require.NoError(t, err)
	r := reply{caller: newCaller()}
	req.Header.Set("Traceparent", r.traceparent())
	for _, edit := range edits {
		edit(req)
	}
	began := time.Now()
	r.Response, err = client.Do(req)
	require.NoError(t, err, "%s %s; stderr of the host:\n%s", method, path, s.proc.said())
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err, "%s %s after %q", method, path, text)
	r.took = time.Since(began)
	r.body = string(text)
	return r
}

// header returns an edit that sets a header, or removes it if there are no values.
func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) {
		if len(values) == 0 {
			r.Header.Del(name)
			return
		}
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
}

// from returns an edit that sends the request from c instead of from the reply's own caller.
func from(c caller) func(*http.Request) { return header("Traceparent", c.traceparent()) }

// parsed returns the span context in a traceparent header.
func parsed(t *testing.T, traceparent string) trace.SpanContext {
	t.Helper()
	sc, err := trace.ParseTraceparent(strings.TrimSpace(traceparent))
	require.NoError(t, err, "traceparent %q", traceparent)
	return sc
}
