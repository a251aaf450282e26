package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// likeUntraced is one kind of handler: its request, and the expected span. For all of them, the response and what the handler
// sees must be the same with and without the middleware.
type likeUntraced struct {
	path   string
	method string   // "" means GET
	how    string   // distinguishes it from another one with the same method and path
	lines  []string // additional lines of the request's header
	body   string

	status    int    // the span's; 0 if it has none
	errorType string // the span's error.type, and its status is an error
	size      int    // the size of the response's body, or one of the constants below
	spans     int    // number of spans in addition to the server span
	notes     int
	crash     bool // the guest may crash, and the host's message contains addresses in the guest
	racy      bool // the response is cut off, and how much of it arrives depends on timing
	lost      bool // the guest ends before it can export anything
	more      map[string]any

	onViceroy func(*likeUntraced) // the differences on Viceroy, and the reason
}

// The values of the attribute for the body's size, other than a number.
const (
	noSize    = -1 - iota // no attribute
	bodySize              // the size of the body
	knownSize             // the size of the body, or no attribute: a host may not know the size of a backend's body
	anySize               // any other, as when a body is cut off
)

// anyError as the error type means that the span may or may not be an error: it depends on timing whether writing a body fails
// that nobody reads.
const anyError = "?"

// invalid is the error type of an invalid status.
const invalid = "invalid_status_code"

// hintsLoseTheBody: Viceroy sends no early hints, and takes the body that the SDK sends with them for the final one.
func hintsLoseTheBody(k *likeUntraced) {
	k.size, k.errorType, k.crash = anySize, anyError, true
}

func TestLikeUntraced(t *testing.T) {
	const upload = "what the client sends"
	uploadLength := "Content-Length: 21"
	chunked := "5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\n\r\n"
	socket := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	for _, k := range []likeUntraced{
		{path: "/plain", status: 200, size: 10, notes: 1},
		{path: "/plain", method: "HEAD", status: 200, notes: 1},
		{path: "/plain", method: "OPTIONS", status: 200, size: 14, notes: 1},
		{path: "/plain", method: "PROPFIND", status: 200, size: 15, notes: 1},
		{path: "/plain?q=1", status: 200, size: 10, notes: 1},
		{path: "/nothing", status: 200},
		{path: "/headers-only", status: 200},
		{path: "/status-only", status: 202},
		{path: "/two-statuses", status: 201, size: 8, notes: 1},
		{path: "/status-after-write", status: 200, size: 5},
		{path: "/no-content", status: 204},
		{path: "/not-modified", status: 304},
		{path: "/no-content/write", status: 204, errorType: anyError},
		{path: "/not-modified/write", status: 304, errorType: anyError},
		{path: "/empty-write", status: 200, notes: 1},
		{path: "/status/400", status: 400, size: 11, notes: 1},
		{path: "/status/500", status: 500, size: 11, notes: 1, errorType: "500"},
		{path: "/status/599", status: 599, size: 11, notes: 1, errorType: "599"},
		{path: "/status/999", status: 999, size: 11, notes: 1, errorType: "999"},
		{path: "/status/0", status: 200, size: 9, notes: 1},
		{path: "/status/99", status: 200, size: 10, notes: 1},
		{path: "/status/1000", status: 200, size: 12, notes: 1},
		{path: "/error", status: 418, size: 7},
		{path: "/no-such-path", status: 404, size: 19},

		{path: "/hints", status: 200, size: 12, onViceroy: hintsLoseTheBody},
		{path: "/hints-alone", status: 200, size: anySize, onViceroy: hintsLoseTheBody},
		{path: "/hints-twice", status: 404, size: 16, onViceroy: hintsLoseTheBody},
		{path: "/trailers/declared", status: 200, size: 5},
		{path: "/trailers/prefixed", status: 200, size: 5},
		{path: "/trailers/backend", status: 200, size: 20, spans: 1, notes: 2},

		{path: "/append", status: 200, size: noSize, spans: 1, notes: 1},
		{path: "/append-then-write", status: 200, size: noSize, spans: 1, notes: 2},
		{path: "/write-then-append", status: 200, size: noSize, spans: 1, notes: 1},
		{path: "/append-gzip", status: 200, size: knownSize, spans: 1, notes: 1},
		{path: "/append-cut", racy: true, status: 200, size: anySize, spans: 1, notes: 1},
		{path: "/append-foreign", status: 200, size: 8, notes: 1},

		{path: "/close-early", status: 200, size: 13, notes: 2},
		{path: "/close-twice", status: 200, size: 13, notes: 2},
		{path: "/close-untouched", status: 200, notes: 1},

		{path: "/manual/sound", status: 200, size: 4, notes: 2},
		{path: "/manual/none", status: 200, size: 4, notes: 2},
		{path: "/manual/long", racy: true, status: 200, size: 4, notes: 2},
		{path: "/manual/short", racy: true, status: 200, size: 4, notes: 2},
		{path: "/manual/bad", status: 200, size: 4, notes: 2},
		{path: "/manual/sound", method: "HEAD", status: 200, notes: 2},

		{path: "/large", status: 200, size: 5 << 20, notes: 1},
		{path: "/pieces", status: 200, size: 40},

		{path: "/panic/before", crash: true, status: 500, errorType: "string"},
		{path: "/panic/after", racy: true, status: 200, size: 4, errorType: "string"},
		{path: "/panic/closed", status: 200, size: 6, errorType: "string"},
		{path: "/panic/status", racy: true, status: 201, errorType: "string"},
		{path: "/panic/error", crash: true, status: 500, errorType: "*errors.errorString"},
		{path: "/panic/runtime", crash: true, status: 500, errorType: "runtime.boundsError"},
		{path: "/panic/abort", crash: true, status: 500, errorType: "*errors.errorString"},
		{path: "/goexit", crash: true, status: 500, errorType: "goexit"},
		{path: "/exit", crash: true, lost: true},

		{path: "/invalid/0", status: 200, size: 5, notes: 2},
		{path: "/invalid/99", status: 200, size: 5, notes: 2},
		{path: "/invalid/100", crash: true, status: 500, notes: 2, errorType: invalid},
		{path: "/invalid/101", crash: true, status: 500, notes: 2, errorType: invalid},
		{path: "/invalid/199", crash: true, status: 500, notes: 2, errorType: invalid},
		{path: "/invalid/1000", status: 200, size: 5, notes: 2},

		{path: "/headers/odd", status: 200, size: 12},
		{path: "/headers/late", status: 200, size: 5, notes: 1},
		{path: "/request?a=1&b=%20%0a", status: 200, size: anySize, notes: 2},
		{path: "/context", status: 200, size: 8, notes: 2},
		{path: "/background", status: 200, size: 11, notes: 1},

		{path: "/echo", method: "POST", lines: []string{uploadLength}, body: upload, status: 200, size: 21, notes: 1},
		{path: "/echo", method: "POST", how: "chunked", lines: []string{"Transfer-Encoding: chunked"}, body: chunked, status: 200, size: 12, notes: 1},
		{path: "/echo", method: "POST", how: "empty", lines: []string{"Content-Length: 0"}, status: 200, notes: 1},
		{path: "/unread", method: "PUT", lines: []string{uploadLength}, body: upload, status: 200, size: 10, notes: 1},
		{path: "/pass-on", method: "POST", lines: []string{uploadLength, "Content-Type: text/x"}, body: upload, status: 200, size: knownSize, spans: 1, notes: 1},
		{path: "/pass-on", method: "POST", how: "chunked", lines: []string{"Transfer-Encoding: chunked"}, body: chunked, status: 200, size: knownSize, spans: 1, notes: 1},

		{path: "/backend/headers", status: 200, size: 5, spans: 1, notes: 1},
		{path: "/backend/twice", status: 200, size: 52, spans: 2, notes: 3},
		{path: "/backend/down", status: 502, size: 10, spans: 1, notes: 1, errorType: "502"},
		{path: "/backend/unknown", status: 502, size: 10, spans: 1, notes: 1, errorType: "502"},
		{path: "/backend/drop", status: 502, size: 10, spans: 1, notes: 1, errorType: "502"},
		{path: "/backend/cached", status: 200, size: 7, spans: 2, notes: 2},
		{path: "/backend/unread", status: 200, size: 7, spans: 1, notes: 1},

		{path: "/websocket", lines: socket, notes: 1, more: map[string]any{"fastly.handoff": "websocket", "fastly.backend": "backend"}},
		{path: "/websocket/unknown", lines: socket, notes: 1, more: map[string]any{"fastly.handoff": "websocket", "fastly.backend": "no-such-backend"}},
		{path: "/websocket/plain", lines: socket, notes: 1},
		{path: "/websocket/after", lines: socket, status: 200, size: 14, notes: 1},
		{path: "/websocket/then-write", lines: socket, status: 200, size: anySize, notes: 2, errorType: anyError},
		{path: "/websocket", how: "not asked for", notes: 1, more: map[string]any{"fastly.handoff": "websocket"}},
		{path: "/fanout", status: 503, size: 10, notes: 1, errorType: "503"},
		{path: "/fanout/plain", status: 503, size: 10, notes: 1, errorType: "503"},

		{path: "/mux/items/7", status: 200, size: 23, more: map[string]any{"http.route": "/mux/items/{id}"}},
		{path: "/mux/items/a%2Fb%20c", status: 200, more: map[string]any{"http.route": "/mux/items/{id}"}, size: bodySize},
		{path: "/mux/items/7", method: "DELETE", status: 405, size: 19},
		{path: "/mux/echo", method: "POST", lines: []string{uploadLength}, body: upload, status: 200, size: 21, more: map[string]any{"http.route": "/mux/echo"}},
		{path: "/mux/tree/deep/down", status: 202, more: map[string]any{"http.route": "/mux/tree/"}},
		{path: "/mux/tree", status: 307, size: bodySize, more: map[string]any{"http.route": "/mux/tree/"}},
		{path: "/mux/panic", crash: true, status: 500, errorType: "string", more: map[string]any{"http.route": "/mux/panic"}},
		{path: "/mux/context", status: 200, size: 10, more: map[string]any{"http.route": "/mux/context"}},
		{path: "/mux/error", status: 500, size: 7, errorType: "500", more: map[string]any{"http.route": "/mux/error"}},
		{path: "/mux/missing", status: 404, size: 19},
	} {
		if k.method == "" {
			k.method = "GET"
		}
		if k.onViceroy != nil && host.name == "viceroy" {
			k.onViceroy(&k)
		}
		if k.method == "HEAD" && host.name == "viceroy" {
			// Viceroy closes the client's connection before or after the handler writes a body that nobody reads. The write may
			// fail.
			k.notes, k.errorType = 0, anyError
		}
		t.Run(k.name(), k.test)
	}
}

func (k likeUntraced) name() string {
	return strings.TrimSpace(k.method + " " + k.path + " " + k.how)
}

func (k likeUntraced) test(t *testing.T) {
	untraced.use(t)
	kinds.use(t)
	var c caller
	var without, with rawResponse
	for range 20 {
		c = newCaller()
		without, with = k.ask(t, untraced, c), k.ask(t, kinds, c)
		if !k.racy || assert.ObjectsAreEqual(without, with) && isGolden(k.name(), with) {
			break
		}
		kinds.spans(t, c.trace, 1+k.spans)
	}
	assert.Equal(t, without, with, "what the client gets")
	assertGolden(t, k.name(), with)
	if k.notes > 0 {
		assert.Equal(t, k.seen(t, untraced, c), k.seen(t, kinds, c), "what the handler sees")
	}

	if k.lost {
		kinds.noSpans(c.trace)
		return
	}
	spans := kinds.spans(t, c.trace, 1+k.spans)
	server := spans.server(t)
	got := server.attributes()
	if k.status == 0 {
		assert.NotContains(t, got, "http.response.status_code")
	} else {
		assert.Equal(t, k.status, got["http.response.status_code"])
	}
	switch k.size {
	case noSize:
		assert.NotContains(t, got, "http.response.body.size")
	case bodySize:
		assert.Equal(t, len(with.body), got["http.response.body.size"])
	case knownSize:
		if size, ok := got["http.response.body.size"]; ok {
			assert.Equal(t, len(with.body), size)
		}
	case anySize:
	default:
		if k.status != 0 {
			assert.Equal(t, k.size, got["http.response.body.size"])
		}
	}
	switch k.errorType {
	case "":
		assert.Equal(t, trace.Status{}, server.Status)
		assert.NotContains(t, got, "error.type")
	case anyError:
	default:
		assert.Equal(t, trace.StatusError, server.Status.Code)
		assert.Equal(t, k.errorType, got["error.type"])
	}
	for key, value := range k.more {
		assert.Equal(t, value, got[key], key)
	}
}

// seen returns what the handler of one of the two services has seen.
func (k likeUntraced) seen(t *testing.T, s *service, c caller) []string {
	t.Helper()
	notes := s.notes(t, c.trace.String(), k.notes)
	for i := range notes {
		notes[i] = strings.ReplaceAll(notes[i], s.addr, "HOST")
	}
	return notes
}

// ask sends the request to one of the two services. It removes from the response what depends on the service alone: its
// address, and the host's message about a crash of the guest.
func (k likeUntraced) ask(t *testing.T, s *service, c caller) rawResponse {
	t.Helper()
	r := s.raw(t, s.rawRequest(t, k.method, k.path, c, k.lines...)+k.body)
	r.took = 0
	r.body = strings.NewReplacer(s.addr, "HOST", c.trace.String(), "TRACE", c.span.String(), "SPAN").Replace(r.body)
	r.header = slices.DeleteFunc(r.header, func(line string) bool { return line == "connection: close" })
	if k.crash && r.code() == 500 {
		r.body, r.framing, r.header = "", "", nil
	}
	return r
}
