package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// settle waits until a sandbox is ready for its next request, which it is after its line is written. A request that comes
// earlier gets another sandbox. The wait may be too short, so tests check which sandbox they got.
func settle() { time.Sleep(20 * time.Millisecond) }

// TestOneSandboxManyRequests serves requests of different sizes one after the other, and checks the spans of each.
func TestOneSandboxManyRequests(t *testing.T) {
	perSandbox := map[string]int{}
	most := 0
	for i := 0; i < 24 || most < 3 && i < 200; i++ {
		n := i * 7 % 40
		path := fmt.Sprintf("/children?n=%d", n)
		r := many.get(t, path)
		assert.Equal(t, fmt.Sprintf("%d children\n", n), r.body)

		spans := many.spans(t, r.trace, 1+n)
		spans.nest(t)
		server := spans.server(t)
		assert.Equal(t, r.span, server.ParentSpanID)
		assert.Equal(t, asServed(t, many, map[string]any{
			"url.path":                  "/children",
			"url.query":                 fmt.Sprintf("n=%d", n),
			"faas.coldstart":            r.Header.Get("X-Served") == "1",
			"faas.invocation_id":        server.attribute("faas.invocation_id"),
			"faas.trigger":              "http",
			"http.response.status_code": 200,
			"http.response.body.size":   len(r.body),
		}), server.attributes())
		assert.Len(t, server.Events, 1)
		for _, child := range spans.under(server) {
			number, _ := child.attribute("many.number").(int)
			assert.Equal(t, map[string]any{"many.number": number}, child.attributes())
			if number == 0 {
				assert.Equal(t, trace.Status{Code: trace.StatusError, Description: fmt.Sprintf("the first of %d", n)}, child.Status)
				assert.Len(t, child.Events, 1)
			} else {
				assert.Equal(t, trace.Status{}, child.Status)
				assert.Empty(t, child.Events)
			}
		}
		sandbox := r.Header.Get("X-Sandbox")
		perSandbox[sandbox]++
		served, err := strconv.Atoi(r.Header.Get("X-Served"))
		require.NoError(t, err)
		most = max(most, served)
		settle()
	}
	assert.GreaterOrEqual(t, most, 3, "no sandbox took several requests, so the test has shown nothing")
	t.Logf("requests by sandbox: %v", perSandbox)
}

// inOneSandbox sends two requests, and repeats that until the same sandbox has served both.
func inOneSandbox(t *testing.T, first, second string) (one, two reply) {
	t.Helper()
	for range 50 {
		one = many.get(t, first)
		many.spans(t, one.trace, 2)
		settle()
		two = many.get(t, second)
		if one.Header.Get("X-Sandbox") == two.Header.Get("X-Sandbox") {
			return one, two
		}
		many.spans(t, two.trace, map[string]int{"/use": 2, "/late": 1}[second])
	}
	require.Fail(t, "in 50 attempts, no two requests had the same sandbox")
	return one, two
}

// TestStaleHandle uses the spans of one request in the next, which uses the same storage.
func TestStaleHandle(t *testing.T) {
	one, two := inOneSandbox(t, "/keep", "/use")
	require.Equal(t, "used 2\n", two.body)
	for _, spans := range []spanList{many.spans(t, one.trace, 2), many.spans(t, two.trace, 2)} {
		spans.nest(t)
		for _, s := range spans {
			assert.NotEqual(t, "stale", s.Name)
			assert.Nil(t, s.attribute("stale"), s.Name)
			assert.Empty(t, s.events("stale"), s.Name)
			assert.Empty(t, s.events("exception"), s.Name)
			assert.Equal(t, trace.Status{}, s.Status, s.Name)
		}
	}
}

// A span whose parent's request is over is exported by itself, in the parent's trace.
func TestChildOfEarlierRequest(t *testing.T) {
	one, two := inOneSandbox(t, "/keep", "/late")
	require.Equal(t, "late\n", two.body)
	spans := many.spans(t, one.trace, 3)
	late := spans.named(t, "late child")
	assert.Equal(t, spans.server(t).SpanContext.SpanID, late.ParentSpanID)
	assert.NotEqual(t, spans.server(t).line, late.line)
	many.root(t, two.trace)
}

// TestManyLikeUntraced compares the responses of a sandbox for many requests with and without the middleware.
func TestManyLikeUntraced(t *testing.T) {
	many.use(t)
	for _, path := range []string{"plain", "children", "plain"} {
		c := newCaller()
		without := many.raw(t, many.rawRequest(t, "GET", "/untraced/"+path, c))
		with := many.raw(t, many.rawRequest(t, "GET", "/traced/"+path, c))
		assert.Equal(t, sandboxless(without), sandboxless(with))
		many.root(t, c.trace)
	}
}

func sandboxless(r rawResponse) string {
	r.took = 0
	for i := range r.header {
		if name, _, _ := strings.Cut(r.header[i], ":"); name == "x-sandbox" || name == "x-served" {
			r.header[i] = name
		}
	}
	return r.String()
}

// If a handler panics, its sandbox ends, but nothing else is lost.
func TestPanicEndsSandbox(t *testing.T) {
	r := many.get(t, "/panic")
	assert.Equal(t, 500, r.StatusCode)
	server := many.root(t, r.trace)
	assert.Equal(t, trace.StatusError, server.Status.Code)
	next := many.get(t, "/plain")
	assert.Equal(t, "GET\n", next.body)
	many.root(t, next.trace)
}

// TestManyAtOnce sends requests from several clients at the same time.
func TestManyAtOnce(t *testing.T) {
	many.use(t)
	const clients, each = 4, 10
	for i := range clients {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			for j := range each {
				n := (i + j) % 5
				r := many.get(t, fmt.Sprintf("/children?n=%d", n))
				assert.Equal(t, fmt.Sprintf("%d children\n", n), r.body)
				many.spans(t, r.trace, 1+n).nest(t)
			}
		})
	}
}

// TestBadEndpointName has an endpoint with an invalid name. Each sandbox reports that once, and serves its requests.
func TestBadEndpointName(t *testing.T) {
	const complaint = `logendpoint: no log endpoint can have the name "`
	many.use(t)
	before := strings.Count(many.proc.said(), complaint)
	sandboxes := map[string]bool{}
	for range 12 {
		r := many.get(t, "/bad-name/plain")
		assert.Equal(t, "GET\n", r.body)
		many.noSpans(r.trace)
		sandboxes[r.Header.Get("X-Sandbox")] = true
		settle()
	}
	said := func() int { return strings.Count(many.proc.said(), complaint) - before }
	assert.Eventually(t, func() bool { return said() == len(sandboxes) }, patience, 10*time.Millisecond,
		"%d sandboxes, and %d complaints", len(sandboxes), said())
	assert.Less(t, len(sandboxes), 12, "no sandbox took several requests, so the test has shown nothing")
}

// A handler reads the statistics of its endpoint. They do not include its own request.
func TestEndpointStats(t *testing.T) {
	for range 50 {
		one, two, three := many.get(t, "/stats"), reply{}, reply{}
		lines := []int{many.root(t, one.trace).line}
		settle()
		two = many.get(t, "/children?n=4")
		lines = append(lines, many.spans(t, two.trace, 5)[0].line)
		settle()
		three = many.get(t, "/stats")
		many.root(t, three.trace)
		sandbox := one.Header.Get("X-Sandbox")
		if two.Header.Get("X-Sandbox") != sandbox || three.Header.Get("X-Sandbox") != sandbox {
			settle()
			continue
		}
		before, after := counts(t, one.body), counts(t, three.body)
		assert.Equal(t, 2, after[0]-before[0], "lines")
		assert.Equal(t, many.log.size(lines...), after[1]-before[1], "bytes")
		assert.Equal(t, 6, after[2]-before[2], "spans")
		return
	}
	require.Fail(t, "in 50 attempts, no three requests had the same sandbox")
}

// counts parses the numbers of lines, bytes and spans.
func counts(t *testing.T, text string) (n [3]int) {
	t.Helper()
	_, err := fmt.Sscan(text, &n[0], &n[1], &n[2])
	require.NoError(t, err, text)
	return n
}
