package remoteconfig

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestRatio(t *testing.T) {
	// With 0.25, about a quarter of all traces.
	f := newFixture(`{"ratio":0.25}`, trace.Config{Sampler: trace.Never()})
	kept := 0
	for range 2000 {
		if d := f.serve(t, "GET", "/", nil); d != nil {
			kept++
			require.Equal(t, "ot=th:c", d.SpanContext.TraceState.String())
		}
	}
	assert.InDelta(t, 500, kept, 120)

	// The compiled-in setting applies if the document says nothing.
	for document, want := range map[string]bool{`{}`: false, ``: false, `{"ratio":1}`: true, `{"off":false}`: false} {
		f := newFixture(document, trace.Config{Sampler: trace.Never()})
		assert.Equal(t, want, f.serve(t, "GET", "/", nil) != nil, document)
	}
}

func TestRouteRatios(t *testing.T) {
	f := newFixture(`{"ratio":0,"routes":{"/a":1,"POST /a":0,"/b":0,"GET /b":1,"GET":1,"HTTP /p":1}}`)
	for request, want := range map[string]bool{
		"GET /a": true, "POST /a": false, "PUT /a": true, "GET /b": true, "POST /b": false, "GET /c": false, "GET /a/": false,
		"BREW /o": false, "BREW /p": true, // an unknown method is HTTP in a span's name
	} {
		method, path, _ := strings.Cut(request, " ")
		assert.Equal(t, want, f.serve(t, method, path, nil) != nil, request)
	}
	assert.Empty(t, f.errors())

	f.mw.Route = nil
	assert.NotNil(t, f.serve(t, "GET", "/x", nil), `without a route the name is the method`)
	assert.Nil(t, f.serve(t, "PUT", "/a", func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		middleware.SetRoute(ctx, "/a")
	}), "too late for a ratio")

	// Spans that are not server spans have no route.
	_, span := f.tp.Start(context.Background(), "GET /a", trace.StartConfig{})
	assert.False(t, span.IsRecording())
}

// A trusted parent decides, whatever the ratio is.
func TestTrustedParent(t *testing.T) {
	for flags, want := range map[string]bool{"01": true, "00": false} {
		for _, document := range []string{`{"ratio":0}`, `{"ratio":1}`, `{"routes":{"/":0}}`, `{"routes":{"/":1}}`} {
			f := newFixture(document)
			f.mw.TrustParent = func(*fsthttp.Request) bool { return true }
			got := f.serve(t, "GET", "/", nil, "Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"+flags)
			assert.Equal(t, want, got != nil, "%s %s", flags, document)
		}
	}
}

func TestKeep(t *testing.T) {
	fail := func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { w.WriteHeader(500) }
	compiled := trace.Config{Sampler: trace.Never(), Keep: trace.Keep{Errors: true, SlowerThan: time.Second}}
	for _, tt := range []struct {
		document string
		fails    bool
		slow     time.Duration // the shortest request that is kept
	}{
		{`{}`, true, time.Second},
		{`{"keep":{}}`, true, time.Second},
		{`{"keep":{"errors":false}}`, false, time.Second},
		{`{"keep":{"slower_than_ms":20}}`, true, 20 * time.Millisecond},
		{`{"keep":{"slower_than_ms":0.5}}`, true, 500 * time.Microsecond},
		{`{"keep":{"slower_than_ms":1e-9}}`, true, 1},
		{`{"keep":{"slower_than_ms":0}}`, true, 0},
		{`{"keep":{"errors":false,"slower_than_ms":0}}`, false, 0},
	} {
		f := newFixture(tt.document, compiled)
		assert.Equal(t, tt.fails, f.serve(t, "GET", "/", fail) != nil, tt.document)
		if tt.slow == 0 {
			assert.Nil(t, f.serve(t, "GET", "/", f.lasts(24*time.Hour, 200)), tt.document)
			continue
		}
		assert.Nil(t, f.serve(t, "GET", "/", f.lasts(tt.slow, 200)), tt.document)
		assert.NotNil(t, f.serve(t, "GET", "/", f.lasts(tt.slow+1, 200)), tt.document)
		assert.Empty(t, f.errors())
	}
}

// Each rule of a compiled-in trace.Keep is asked: one that Remote.Trace forgot would be off without a word.
func TestEachCompiledRule(t *testing.T) {
	rules := map[string]trace.Keep{
		"Errors": {Errors: true}, "SlowerThan": {SlowerThan: time.Millisecond}, "If": {If: func(*trace.Batch) bool { return true }},
	}
	for i := range reflect.TypeFor[trace.Keep]().NumField() {
		name := reflect.TypeFor[trace.Keep]().Field(i).Name
		keep, ok := rules[name]
		require.True(t, ok, "add a rule with %s to this test", name)
		for _, document := range []string{``, `{"ratio":0}`} {
			f := newFixture(document, trace.Config{Sampler: trace.Never(), Keep: keep})
			assert.NotNil(t, f.serve(t, "GET", "/", f.lasts(time.Second, 500)), "%s %s", name, document)
		}
	}
}

// Each field of "keep" and of a rule keeps one of two requests.
func TestEachRuleOfADocument(t *testing.T) {
	values := map[string]string{
		"errors": `true`, "slower_than_ms": `1`, "rules": `[{"status":500}]`,
		"route": `"/a"`, "status": `500`, "attribute": `"odd"`, "equals": `"yes","attribute":"odd"`,
	}
	for fields, around := range map[string][2]string{keepFields: {`{`, `}`}, ruleFields: {`{"rules":[{`, `}]}`}} {
		for _, name := range strings.Split(fields, ", ") {
			value, ok := values[name]
			require.True(t, ok, "add a value of %s to this test", name)
			f := newFixture(`{"ratio":0,"keep":` + around[0] + `"` + name + `":` + value + around[1] + `}`)
			assert.Nil(t, f.serve(t, "POST", "/b", nil), name)
			assert.NotNil(t, f.serve(t, "GET", "/a", func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
				trace.SpanFromContext(ctx).SetAttributes(trace.String("odd", "yes"))
				f.lasts(time.Second, 500)(ctx, w, r)
			}), name)
			assert.Empty(t, f.errors(), name)
		}
	}
}

// A trace that a rule keeps stands for itself alone.
func TestKeptCountsOnce(t *testing.T) {
	f := newFixture(`{"ratio":1e-9,"keep":{"errors":true}}`)
	d := f.serve(t, "GET", "/", f.lasts(0, 503))
	require.NotNil(t, d)
	assert.Equal(t, "ot=th:0", d.SpanContext.TraceState.String())
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		rules string
		want  map[string]bool // by status and route
	}{
		{`{"route":"/a"}`, map[string]bool{"200 /a": true, "200 /b": false}},
		{`{"route":"GET /a"}`, map[string]bool{"200 /a": true, "200 /b": false}},
		{`{"route":"POST /a"}`, map[string]bool{"200 /a": false}},
		{`{"status":404}`, map[string]bool{"404 /a": true, "403 /a": false, "200 /a": false}},
		{`{"status":[429,"5xx"]}`, map[string]bool{"429 /a": true, "500 /a": true, "599 /a": true, "499 /a": false, "428 /a": false}},
		{`{"errors":true}`, map[string]bool{"500 /a": true, "404 /a": false}},
		{`{"route":"/a","status":"4xx"}`, map[string]bool{"404 /a": true, "404 /b": false, "200 /a": false}},
		{`{"route":"/a"},{"status":404}`, map[string]bool{"404 /b": true, "200 /a": true, "200 /b": false}},
		{`{"route":"/a","slower_than_ms":10}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"text"}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"absent"}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"text","equals":"seven"}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"text","equals":7}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"int","equals":7}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"int","equals":7.5}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"int","equals":"7"}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"float","equals":7.5}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"bool","equals":false}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"bool","equals":true}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"list","equals":"y"}`, map[string]bool{"200 /a": true}},
		{`{"attribute":"list","equals":"z"}`, map[string]bool{"200 /a": false}},
		{`{"attribute":"ints","equals":2}`, map[string]bool{"200 /a": true}},
	} {
		f := newFixture(`{"ratio":0,"keep":{"rules":[` + tt.rules + `]}}`)
		f.mw.Route = nil // rules are asked at the end, when a router has set the route
		for request, want := range tt.want {
			status, route, _ := strings.Cut(request, " ")
			got := f.serve(t, "GET", "/", func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
				middleware.SetRoute(ctx, route)
				trace.SpanFromContext(ctx).SetAttributes(trace.String("text", "seven"), trace.Int("int", 7), trace.Float64("float", 7.5),
					trace.Bool("bool", false), trace.Strings("list", "x", "y"), trace.Ints("ints", 1, 2))
				w.WriteHeader(int(status[0]-'0')*100 + int(status[1]-'0')*10 + int(status[2]-'0'))
			})
			assert.Equal(t, want, got != nil, "%s: %s", tt.rules, request)
		}
		require.Empty(t, f.errors())
	}

	f := newFixture(`{"ratio":0,"keep":{"rules":[{"route":"/a","slower_than_ms":10}]}}`)
	assert.NotNil(t, f.serve(t, "GET", "/a", f.lasts(11*time.Millisecond, 200)))
	assert.Nil(t, f.serve(t, "GET", "/b", f.lasts(11*time.Millisecond, 200)))
}

// The compiled-in predicate is asked in addition to the rules of the document.
func TestCompiledPredicate(t *testing.T) {
	asked := 0
	keep := trace.Keep{If: func(*trace.Batch) bool { asked++; return asked%2 == 1 }}
	f := newFixture(`{"ratio":0,"keep":{"errors":false,"slower_than_ms":0,"rules":[{"route":"/a"}]}}`, trace.Config{Keep: keep})
	assert.NotNil(t, f.serve(t, "GET", "/b", nil))
	assert.Nil(t, f.serve(t, "GET", "/b", nil))
	assert.NotNil(t, f.serve(t, "GET", "/a", nil))
	assert.Equal(t, 2, asked)

	f = newFixture(`{"ratio":0}`, trace.Config{Keep: &keep})
	assert.NotNil(t, f.serve(t, "GET", "/b", nil), "a pointer will do")
	assert.Equal(t, 3, asked)
	f = newFixture(`{"ratio":0}`, trace.Config{Keep: (*trace.Keep)(nil)})
	assert.Nil(t, f.serve(t, "GET", "/b", nil))
}

// If nothing can be kept in the end, nothing is recorded from the start.
func TestRecordedOnlyWhereItMayBeKept(t *testing.T) {
	for document, want := range map[string]bool{
		`{"ratio":0}`: false, `{"ratio":0,"keep":{"errors":true}}`: true, `{"ratio":0,"keep":{"slower_than_ms":1}}`: true,
		`{"ratio":0,"keep":{"rules":[]}}`: false, `{"ratio":0,"keep":{"rules":[{"status":404}]}}`: true, `{"off":true}`: false,
		`{"off":true,"keep":{"errors":true}}`: false,
	} {
		f := newFixture(document)
		_, span := f.tp.Start(context.Background(), "work", trace.StartConfig{})
		assert.Equal(t, want, span.IsRecording(), document)
		span.SetStatus(trace.StatusOK, "")
		span.End()
		assert.Empty(t, f.Spans(), document)
	}
	f := newFixture(`{"ratio":0}`, trace.Config{Keep: trace.Keep{If: func(*trace.Batch) bool { return false }}})
	_, span := f.tp.Start(context.Background(), "work", trace.StartConfig{})
	assert.True(t, span.IsRecording())
}

// While tracing is off, the request goes to the handler unchanged.
func TestOff(t *testing.T) {
	f := newFixture(`{"off":true,"ratio":1,"routes":{"/":1},"keep":{"errors":true}}`)
	f.mw.OnRequest = []func(*trace.Span, *fsthttp.Request){func(*trace.Span, *fsthttp.Request) { t.Error("called") }}
	parent := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	served := false
	assert.Nil(t, f.serve(t, "GET", "/", func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		assert.Nil(t, trace.SpanFromContext(ctx))
		assert.Equal(t, parent, r.Header.Get("Traceparent"))
		w.WriteHeader(500)
		served = true
	}, "Traceparent", parent))
	assert.True(t, served)
	assert.Equal(t, uint64(0), f.tp.Stats().ExportedSpans)

	f.set(`{"off":false}`)
	f.dueNow()
	f.mw.OnRequest = nil
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
}

// A request that began before tracing was switched off is not kept by a rule any more.
func TestOffInBetween(t *testing.T) {
	f := newFixture(`{"ratio":0,"keep":{"errors":true}}`)
	assert.Nil(t, f.serve(t, "GET", "/", func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		f.set(`{"off":true}`)
		assert.NoError(t, f.remote.Reload())
		w.WriteHeader(500)
	}))
}

// Compiled-in filters still apply.
func TestFilter(t *testing.T) {
	f := newFixture(`{}`)
	f.mw.Filter = func(r *fsthttp.Request) bool { return r.URL.Path != "/health" }
	assert.Nil(t, f.serve(t, "GET", "/health", nil))
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
}

func TestHeaders(t *testing.T) {
	handle := func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.Header().Set("X-One", "1")
		w.Header().Set("X-Two", "2")
		w.Header().Set("Set-Cookie", "secret")
		w.WriteHeader(200)
	}
	for _, tt := range []struct{ document, want string }{
		{`{}`, "request.a response.x-one"},
		{`{"request_headers":["B"]}`, "request.b response.x-one"},
		{`{"request_headers":[],"response_headers":["x-two"]}`, "response.x-two"},
		{`{"request_headers":["a","b","authorization","internal"],"response_headers":["set-cookie"]}`,
			"request.a request.b request.authorization=REDACTED request.internal=REDACTED response.set-cookie=REDACTED"},
		{`{"response_headers":"x-two"}`, "request.a response.x-one"},
	} {
		f := newFixture(tt.document)
		f.mw.RequestHeaders, f.mw.ResponseHeaders, f.mw.Redact = []string{"A"}, []string{"X-One"}, []string{"Internal"}
		d := f.serve(t, "GET", "/", handle, "A", "1", "B", "2", "Authorization", "secret", "Internal", "secret")
		require.NotNil(t, d)
		var got []string
		for _, a := range d.Attributes {
			if name, ok := strings.CutPrefix(a.Key, "http."); ok && strings.Contains(name, ".header.") {
				name = strings.Replace(name, ".header", "", 1)
				if v := a.Value.Strings()[0]; len(v) > 1 {
					name += "=" + v
				}
				got = append(got, name)
			}
		}
		assert.Equal(t, tt.want, strings.Join(got, " "), tt.document)
	}
}

// Middleware does not change the Config that it is given, so that it can be used again.
func TestCompiledConfigStays(t *testing.T) {
	hooks := make([]func(*trace.Span, *fsthttp.Request), 0, 8)
	config := middleware.Config{OnRequest: hooks, RequestHeaders: []string{"A"}}
	r := New(Config{})
	one, two := r.Middleware(config), r.Middleware(config)
	assert.Len(t, one.OnRequest, 1)
	assert.Len(t, two.OnRequest, 1)
	assert.Empty(t, config.OnRequest)
	assert.Nil(t, hooks[:1][0])
	assert.Equal(t, []string{"A"}, config.RequestHeaders)
}
