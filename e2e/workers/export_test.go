package workers

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/e2e/workers/host"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// after returns a collector's handler that answers after d.
func after(d time.Duration) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "{}")
	}
}

// If the collector takes two seconds, the client's response does not wait for it, and every span arrives. The test logs the
// time and the CPU time of a request, including the export, and those of the same Worker with tracing turned off.
func TestSlowCollector(t *testing.T) {
	const requests = 20
	traced := start(t, nil)
	untraced := start(t, map[string]string{"OTEL_SDK_DISABLED": "true"})
	traced.get(t, "/hello/warm")
	untraced.get(t, "/hello/warm")
	traced.arrived(t)
	traced.collector.Answer(after(2 * time.Second))
	cpuWith, cpuWithout := traced.CPU(), untraced.CPU()

	type answer struct {
		path string
		at   time.Time
	}
	var answers []answer
	var with, without []time.Duration
	for i := range requests {
		path := fmt.Sprintf("/hello/%d", i)
		begun := time.Now()
		_, body := untraced.get(t, path)
		without = append(without, time.Since(begun))
		assert.Equal(t, fmt.Sprintf("hello %d", i), body)

		begun = time.Now()
		_, body = traced.get(t, path)
		answers = append(answers, answer{path, time.Now()})
		with = append(with, time.Since(begun))
		assert.Equal(t, fmt.Sprintf("hello %d", i), body)
	}
	for range requests {
		traced.post(t)
	}
	require.Eventually(t, func() bool {
		return !slices.ContainsFunc(traced.collector.Posts(), func(p host.Post) bool { return p.Answered.IsZero() })
	}, patience, 10*time.Millisecond)
	for _, a := range answers {
		found := false
		for _, post := range traced.collector.Posts() {
			if bytes.Contains(post.Body, []byte(`"`+a.path+`"`)) {
				found = true
				assert.True(t, a.at.Before(post.Answered), "the response to %s came when the collector had answered", a.path)
			}
		}
		assert.True(t, found, a.path)
	}
	assert.Empty(t, untraced.collector.Posts())
	slices.Sort(with)
	slices.Sort(without)
	a, b := with[len(with)/2], without[len(without)/2]
	t.Logf("median of %d requests: %v traced, %v with tracing off, ratio %.2f; the collector takes 2s", requests, a, b, float64(a)/float64(b))
	t.Logf("CPU time of a request: %v traced, %v with tracing off", (traced.CPU()-cpuWith)/requests, (untraced.CPU()-cpuWithout)/requests)
}

// If the collector fails, the client gets the same response as always, and the number of lost spans is reported.
func TestCollectorFails(t *testing.T) {
	for _, test := range []struct {
		name    string
		answer  func(http.ResponseWriter, *http.Request)
		closed  bool
		timeout string
		lost    int // of 4 spans
		told    string
	}{
		{name: "slow", answer: after(5 * time.Second), timeout: "2000", lost: 4, told: "no answer within"},
		{name: "down", closed: true, timeout: "3000", lost: 4, told: "otlphttp: "},
		{name: "nonsense", answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>hello</html>") }, lost: 4, told: "not a receiver of traces"},
		{name: "refuses", answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "who are you", http.StatusUnauthorized) }, lost: 4, told: "the receiver answers 401"},
		{name: "redirects", answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, lost: 4, told: "otlphttp: "},
		{name: "takes some", answer: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one is too old"}}`)
		}, lost: 1, told: "one is too old"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, map[string]string{"OTEL_EXPORTER_OTLP_TIMEOUT": test.timeout})
			s.collector.Answer(test.answer)
			if test.closed {
				s.collector.Close()
			}
			resp, body := s.get(t, "/fetch")
			assert.Equal(t, 200, resp.StatusCode)
			assert.Len(t, strings.Split(body, "\n"), 4)
			require.Eventually(t, func() bool { return len(s.Err()) > 0 }, patience, 10*time.Millisecond, "nothing was reported")
			line := strings.Join(s.Err(), "\n")
			assert.Contains(t, line, "edgespan: ")
			assert.Contains(t, line, test.told)
			assert.Contains(t, line, fmt.Sprintf("%d spans lost in this isolate so far", test.lost))
			assert.NotContains(t, line, "token4711")
			assert.NotContains(t, line, "elsewhere")
		})
	}
}

// If the collector's answer asks for a retry, the trace is sent again.
func TestRetry(t *testing.T) {
	s := start(t, nil)
	var mu sync.Mutex
	n := 0
	s.collector.Answer(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == 1 {
			w.WriteHeader(503)
		}
	})
	s.get(t, "/hello/again")
	assert.Equal(t, s.post(t).Body, s.post(t).Body)
	assert.Empty(t, s.Err())
}

func TestGzip(t *testing.T) {
	s := start(t, map[string]string{"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"})
	s.get(t, "/hello/small")
	post := s.post(t)
	require.Equal(t, "gzip", post.Header.Get("Content-Encoding"))
	z, err := gzip.NewReader(bytes.NewReader(post.Body))
	require.NoError(t, err)
	body, err := io.ReadAll(z)
	require.NoError(t, err)
	batches, err := otlp.Decode(body)
	require.NoError(t, err)
	assert.Equal(t, "GET /hello/{name}", batches[0].Spans[0].Name)
}

// On the console a trace is a line of OTLP/JSON, the same that the collector gets.
func TestConsole(t *testing.T) {
	s := start(t, map[string]string{"OTEL_TRACES_EXPORTER": "otlp,console"})
	s.get(t, "/kv")
	spans := s.arrived(t)
	var line string
	require.Eventually(t, func() bool {
		for _, out := range s.Out() {
			if strings.HasPrefix(out, `{"resourceSpans":`) {
				line = out
			}
		}
		return line != ""
	}, patience, 10*time.Millisecond)
	require.True(t, json.Valid([]byte(line)))
	batches, err := otlp.Decode([]byte(line))
	require.NoError(t, err)
	require.Len(t, batches, 1)
	assert.Len(t, batches[0].Spans, 7)
	assert.Equal(t, spans, batches[0].Spans)
	assert.Empty(t, s.Err())
}

// A panic ends the request as it does without the middleware, and the trace arrives. The client does not wait for a collector
// that takes two seconds.
func TestPanic(t *testing.T) {
	for _, path := range []string{"/panic", "/panic/later", "/panic/after", "/panic/stream"} {
		t.Run(strings.TrimPrefix(path, "/"), func(t *testing.T) {
			bare := start(t, map[string]string{"OTEL_SDK_DISABLED": "true"})
			s := start(t, nil)
			s.collector.Answer(after(2 * time.Second))
			without, _ := bare.get(t, path)
			with, _ := s.get(t, path)
			at := time.Now()
			assert.Equal(t, without.StatusCode, with.StatusCode)

			servers := tracetest.OfKind(s.arrived(t), trace.SpanKindServer)
			require.Len(t, servers, 1)
			span := servers[0]
			assert.Equal(t, trace.StatusError, span.Status.Code)
			assert.Contains(t, span.Status.Description, "boom")
			exception := span.Events[len(span.Events)-1]
			assert.Equal(t, trace.ExceptionEvent, exception.Name)
			e := attrs(exception.Attributes)
			assert.Contains(t, e["exception.message"], "boom")
			assert.Contains(t, e["exception.stacktrace"], "main.handleResponses.func")
			assert.Equal(t, fmt.Sprint(with.StatusCode), attrs(span.Attributes)["http.response.status_code"])
			require.Eventually(t, func() bool { return !s.collector.Posts()[0].Answered.IsZero() }, patience, 10*time.Millisecond)
			assert.True(t, at.Before(s.collector.Posts()[0].Answered), "the client has waited for the collector")
			require.Eventually(t, func() bool { return strings.Contains(strings.Join(s.Out(), "\n"), "panic: boom") }, patience, 10*time.Millisecond)

			// The traces of later panics arrive too, and the isolate continues to serve.
			s.collector.Answer(nil)
			for range 8 {
				s.get(t, path)
				assert.Equal(t, trace.StatusError, s.arrived(t)[0].Status.Code)
			}
			_, body := s.get(t, "/hello/again")
			assert.Equal(t, "hello again", body)
			assert.Equal(t, "GET /hello/{name}", s.arrived(t)[0].Name)
		})
	}
}

// If an isolate serves many requests at the same time, their traces are not mixed up.
func TestConcurrent(t *testing.T) {
	const requests = 40
	s := start(t, nil)
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() {
			parent := fmt.Sprintf("00-%032x-%016x-01", i+1, i+1)
			req, _ := http.NewRequest("GET", fmt.Sprintf("%s/work?n=%d", s.Host.URL, i), nil)
			req.Header.Set("Traceparent", parent)
			resp, err := http.DefaultClient.Do(req)
			if !assert.NoError(t, err) {
				return
			}
			body, _ := io.ReadAll(resp.Body)
			assert.Equal(t, "ok", string(body))
			_ = resp.Body.Close()
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for range requests {
		s.post(t)
	}
	batches, bad := s.collector.Batches()
	require.Empty(t, string(bad))
	require.Len(t, batches, requests)
	for _, b := range batches {
		root := b.Spans[0]
		a := attrs(root.Attributes)
		var n int
		_, err := fmt.Sscanf(a["url.query"], "n=%d", &n)
		require.NoError(t, err)
		seen[a["url.query"]] = true
		assert.Equal(t, fmt.Sprintf("%032x", n+1), root.SpanContext.TraceID.String())
		assert.Equal(t, fmt.Sprintf("%016x", n+1), root.ParentSpanID.String())
		require.Len(t, b.Spans, 4) // the request, "compute", "wait", and the origin's request below "wait"
		assert.Equal(t, []string{"compute", "wait", "GET"}, []string{b.Spans[1].Name, b.Spans[2].Name, b.Spans[3].Name})
		for i, parent := range []trace.SpanID{root.SpanContext.SpanID, root.SpanContext.SpanID, b.Spans[2].SpanContext.SpanID} {
			assert.Equal(t, root.SpanContext.TraceID, b.Spans[1+i].SpanContext.TraceID)
			assert.Equal(t, parent, b.Spans[1+i].ParentSpanID)
		}
	}
	assert.Len(t, seen, requests)
}

// frozen gives the Worker the clock that it has at Cloudflare, which workerd does not have locally: it advances only when data
// from outside has arrived.
const frozen = `
const real = Date.now, origin = real() - performance.now(), wait = globalThis.fetch, later = globalThis.setTimeout;
let now = real();
Date.now = () => now;
globalThis.performance = { now: () => now - origin };
globalThis.fetch = async (...args) => { const r = await wait(...args); now = real(); return r; };
globalThis.setTimeout = (f, ms) => later(() => { now = real(); f(); }, ms);
`

func TestFrozenClock(t *testing.T) {
	s := start(t, nil, func(c *host.Config) { c.Entry = frozen + c.Entry })
	spans := s.trace(t, "/work")
	require.Len(t, spans, 4)
	for i, want := range map[int]string{0: "", 1: "true", 2: "", 3: ""} {
		assert.Equal(t, want, attrs(spans[i].Attributes)["edgespan.clock_frozen"], spans[i].Name)
		assert.Equal(t, want == "true", spans[i].Start == spans[i].End, spans[i].Name)
	}
}

// If a Worker still uses syumai/workers' Serve, that is reported, and the export at least begins.
func TestPlainServe(t *testing.T) {
	s := start(t, map[string]string{"SERVE": "plain"})
	s.collector.Answer(after(time.Second))
	_, body := s.get(t, "/hello/plain")
	assert.Equal(t, "hello plain", body)
	assert.Equal(t, "GET /hello/{name}", s.arrived(t)[0].Name)
	require.Eventually(t, func() bool { return strings.Contains(strings.Join(s.Err(), "\n"), "use this package's Serve") }, patience, 10*time.Millisecond)
}

// A task of WaitUntil continues after the response, and its spans arrive when they end.
func TestWaitUntil(t *testing.T) {
	s := start(t, nil)
	_, body := s.get(t, "/later")
	assert.Equal(t, "ok", body)
	spans := map[string]trace.SpanData{}
	for range 3 {
		arrived := s.arrived(t)
		require.Len(t, arrived, 1)
		spans[arrived[0].Name] = arrived[0]
	}
	root, task, fetch := spans["GET /later"], spans["afterwards"], spans["GET"]
	for _, span := range []trace.SpanData{root, task, fetch} {
		assert.Equal(t, root.SpanContext.TraceID, span.SpanContext.TraceID, span.Name)
	}
	assert.False(t, root.ParentSpanID.IsValid())
	assert.Equal(t, root.SpanContext.SpanID, task.ParentSpanID)
	assert.Equal(t, task.SpanContext.SpanID, fetch.ParentSpanID)
	assert.Empty(t, task.Events)
	assert.Empty(t, fetch.Events)
}
