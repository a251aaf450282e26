package page

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

func spanLine(trace, span, parent int, name string) string {
	quoted, _ := json.Marshal(name)
	return fmt.Sprintf(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","parentSpanId":"%016x","name":%s,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}`+"\n",
		trace, span, parent, quoted, 1700000000000000000+span, 1700000000000000010+span)
}

func logLine(trace, span int, body string) string {
	return fmt.Sprintf(`{"msg":%q,"trace_id":"%032x","span_id":"%016x"}`+"\n", body, trace, span)
}

func TestWrite(t *testing.T) {
	hub := NewHub(0, traces.Filter{})
	evil := "</script><script>alert(1)</script>\u2028<!--"
	fmt.Fprint(hub, spanLine(1, 1, 0, evil), "text\n", logLine(1, 1, "hello"), spanLine(1, 2, 1, "child"))
	list, gone, _ := hub.Traces()
	assert.Zero(t, gone)
	var out bytes.Buffer
	require.NoError(t, Write(&out, list, evil))
	page := out.String()

	assert.Equal(t, 2, strings.Count(page, "</script>"), "the data and the script, and none of the trace's")
	assert.Contains(t, page, `script-src 'sha256-`)
	for _, external := range []string{" src=", "@import", "url(http", "//cdn"} {
		assert.NotContains(t, page, external)
	}
	data := regexp.MustCompile(`(?s)id="data">(.*?)</script>`).FindStringSubmatch(page)
	var got struct {
		Title  string
		Traces []traceJSON
	}
	require.NoError(t, json.Unmarshal([]byte(data[1]), &got))
	assert.Equal(t, evil, got.Title)
	require.Len(t, got.Traces, 1)
	tr := got.Traces[0]
	assert.Equal(t, fmt.Sprintf("%032x", 1), tr.Key)
	assert.Equal(t, "1700000000000000001", tr.Start)
	assert.EqualValues(t, 11, tr.Duration)
	assert.EqualValues(t, 11, tr.Slowest)
	assert.Zero(t, tr.Newest)
	assert.Equal(t, []string{"shop"}, tr.Services)
	require.Len(t, tr.Spans, 2)
	assert.Equal(t, evil, tr.Spans[0].Name)
	assert.Equal(t, -1, tr.Spans[0].Parent)
	assert.Equal(t, 0, tr.Spans[1].Parent)
	assert.EqualValues(t, 1, tr.Spans[1].Start)
	assert.Equal(t, []logJSON{{Span: "0000000000000001", Body: "hello", Attrs: nil}}, tr.Logs)
}

// A link without an id has no text of zeros, which would look like an id.
func TestLinksToNoSpan(t *testing.T) {
	hub := NewHub(0, traces.Filter{})
	fmt.Fprintln(hub, `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","links":[`+
		`{"traceId":"00000000000000000000000000000000","spanId":"","attributes":[{"key":"why","value":{"stringValue":"batch"}}]},`+
		`{"traceId":"00000000000000000000000000000002","traceState":"a=1"}]}]}]}]}`)
	list, _, _ := hub.Traces()
	require.Len(t, list, 1)
	assert.Equal(t, []linkJSON{
		{Attrs: []attr{{"why", "batch", "string"}}},
		{Trace: "00000000000000000000000000000002", State: "a=1", Attrs: []attr{}},
	}, modelOf(list[0]).Spans[0].Links)
}

func TestHubIsBoundedAndFilters(t *testing.T) {
	hub := NewHub(10, traces.Filter{Route: "b*"})
	for i := range 100 {
		hub.Line([]byte(spanLine(i+1, 1, 0, fmt.Sprint("b", i))))
	}
	hub.Line([]byte(spanLine(1000, 1, 0, "a")))
	list, gone, hidden := hub.Traces()
	assert.Len(t, list, 10)
	assert.Equal(t, 90, gone)
	assert.Equal(t, 1, hidden)
}

// Traces that the filter does not match never displace those that it matches, and do not count as dropped.
func TestHubKeepsWhatIsChosen(t *testing.T) {
	hub := NewHub(10, traces.Filter{Route: "b*"})
	for i := range 100 {
		name := "a"
		if i < 3 {
			name = "b"
		}
		hub.Line([]byte(spanLine(i+1, 1, 0, name)))
	}
	list, gone, hidden := hub.Traces()
	assert.Len(t, list, 3)
	assert.Zero(t, gone)
	assert.Equal(t, 97, hidden)
}

func TestHubTakesPiecesOfLines(t *testing.T) {
	hub := NewHub(0, traces.Filter{})
	text := "noise\n" + spanLine(1, 1, 0, "a") + spanLine(2, 1, 0, "b")
	for i := range len(text) {
		_, err := hub.Write([]byte(text[i : i+1]))
		require.NoError(t, err)
	}
	list, _, _ := hub.Traces()
	assert.Len(t, list, 2)
}

func TestASlowPageCostsNothing(t *testing.T) {
	hub := NewHub(10, traces.Filter{})
	s := hub.subscribe()
	for i := range maxGone + 1000 {
		hub.Line([]byte(spanLine(i+1, 1, 0, "a")))
	}
	assert.LessOrEqual(t, len(s.order), 10)
	assert.LessOrEqual(t, len(s.pending), 10)
	assert.LessOrEqual(t, len(s.gone), maxGone)
	n := 0
	for data, _, err := hub.next(s); data != nil; data, _, err = hub.next(s) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 10, n)
}

// serve starts a Server and returns its address.
func serve(t *testing.T, hub *Hub) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: NewServer(hub, l.Addr())}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String()
}

func TestServer(t *testing.T) {
	base := serve(t, NewHub(0, traces.Filter{}))
	for path, kind := range map[string]string{"/": "text/html", "/page.css": "text/css", "/page.js": "text/javascript"} {
		resp, err := http.Get(base + path)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, http.StatusOK, resp.StatusCode)
		assert.True(t, strings.HasPrefix(resp.Header.Get("Content-Type"), kind))
		assert.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'")
		assert.NotContains(t, resp.Header.Get("Content-Security-Policy"), "unsafe")
		assert.NotEmpty(t, body)
		assert.NotContains(t, string(body), "innerHTML")
		assert.NotContains(t, string(body), "<!--head-->")
	}
	resp, err := http.Get(base + "/other")
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestServerRefusesOtherNames(t *testing.T) {
	local := NewServer(NewHub(0, traces.Filter{}), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	public := NewServer(NewHub(0, traces.Filter{}), &net.TCPAddr{IP: net.IPv4zero})
	for host, want := range map[string]int{
		"127.0.0.1:7680": 200, "localhost:7680": 200, "[::1]:7680": 200, "localhost": 200, "traces.localhost": 200,
		"evil.example:7680": 403, "127.0.0.1.evil.example": 403, "": 403, "10.0.0.1": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		local.ServeHTTP(w, r)
		assert.Equal(t, want, w.Code, host)
		w = httptest.NewRecorder()
		public.ServeHTTP(w, r)
		assert.Equal(t, 200, w.Code, host)
	}
}

func TestEvents(t *testing.T) {
	hub := NewHub(2, traces.Filter{})
	hub.Line([]byte(spanLine(1, 1, 0, "before")))
	base := serve(t, hub)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/events", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	in := bufio.NewReader(resp.Body)
	next := func() (event, data string) {
		t.Helper()
		for {
			line, err := in.ReadString('\n')
			require.NoError(t, err)
			if rest, ok := strings.CutPrefix(line, "event: "); ok {
				event = strings.TrimSpace(rest)
			}
			if rest, ok := strings.CutPrefix(line, "data: "); ok {
				return event, rest
			}
		}
	}
	event, data := next()
	assert.Equal(t, "hello", event)
	assert.Contains(t, data, `"keep":2`)
	trace := func(want string, spans int) {
		t.Helper()
		event, data := next()
		assert.Equal(t, "trace", event)
		var m traceJSON
		require.NoError(t, json.Unmarshal([]byte(data), &m))
		assert.Equal(t, want, m.Spans[0].Name)
		assert.Len(t, m.Spans, spans)
	}
	trace("before", 1)
	event, _ = next()
	assert.Equal(t, "all", event, "the page may now drop what it has from an earlier connection")
	hub.Line([]byte(spanLine(1, 2, 1, "child")))
	trace("before", 2)
	hub.Line([]byte(spanLine(2, 1, 0, "second")))
	trace("second", 1)
	hub.Line([]byte(spanLine(3, 1, 0, "third")))
	event, data = next()
	assert.Equal(t, "gone", event)
	assert.Contains(t, data, fmt.Sprintf("%032x", 1))
	trace("third", 1)
}

// Spans need not name a service, and log records may come without a span. The page expects a list in any case.
func TestModelHasListsWhereThereIsNothing(t *testing.T) {
	hub := NewHub(0, traces.Filter{})
	fmt.Fprint(hub, strings.Replace(spanLine(1, 1, 0, "nobody's"), "service.name", "x", 1), logLine(2, 1, "alone"))
	list, _, _ := hub.Traces()
	require.Len(t, list, 2)
	for _, tr := range list {
		text, err := json.Marshal(modelOf(tr))
		require.NoError(t, err)
		assert.NotContains(t, string(text), "null")
	}
}
