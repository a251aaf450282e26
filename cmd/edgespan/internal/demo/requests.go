package demo

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// request is one request and its expected result.
type request struct {
	about       string
	path        string
	traceparent string
	status      int
	spans       []string // their names, in any order
	errors      int
	backends    int // requests to the origin
	events      []string
	logs        []string // their messages
}

// The trace of a caller, from the examples of W3C Trace Context.
const (
	callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callersSpan  = "00f067aa0ba902b7"
)

var requests = []request{
	{
		about: "A greeting: the span of the request, and one of the handler's own below it.",
		path:  "/?name=edge", status: http.StatusOK, spans: []string{"GET /", "greet"},
	},
	{
		about: "One backend request: a client span, and the backend got a traceparent.",
		path:  "/api/data", status: http.StatusOK, spans: []string{"GET /api/data", "GET"}, backends: 1,
	},
	{
		about: "Two backends at the same time, in a trace that a caller has begun.",
		path:  "/api/items/7", status: http.StatusOK, traceparent: "00-" + callersTrace + "-" + callersSpan + "-01",
		spans: []string{"GET /api/items/{id}", "item.details", "GET", "item.stock", "GET", "render"}, backends: 2,
	},
	{
		about: "A config store and a KV store: each call is a span. Log records belong to the trace and go to a log endpoint of their own.",
		path:  "/api/products/7", status: http.StatusOK, spans: []string{"GET /api/products/{id}", "get products", "config_store get shop"}, logs: []string{"product shown"},
	},
	{
		about: "A product that is not in the store: a 404, and no error.",
		path:  "/api/products/0", status: http.StatusNotFound, spans: []string{"GET /api/products/{id}", "get products"}, logs: []string{"no such product"},
	},
	{
		about: "The simple cache, which does not have the price yet.",
		path:  "/api/prices/7", status: http.StatusOK, spans: []string{"GET /api/prices/{id}", "simple_cache get_or_set", "get products"},
	},
	{
		about: "The same price again: now the cache has it.",
		path:  "/api/prices/7", status: http.StatusOK, spans: []string{"GET /api/prices/{id}", "simple_cache get_or_set"},
	},
	{
		about: "The core cache: a transaction, which tells this request to make the object.",
		path:  "/api/report", status: http.StatusOK, spans: []string{"GET /api/report", "cache transaction", "make report", "cache insert"},
	},
	{
		about: "A secret store: the span has the secret's name; its value is recorded nowhere.",
		path:  "/api/orders", status: http.StatusOK, spans: []string{"GET /api/orders", "secret_store get keys", "GET"}, backends: 1,
	},
	{
		about: "Slow work.",
		path:  "/slow?ms=120", status: http.StatusOK, spans: []string{"GET /slow", "work"},
	},
	{
		about: "A streamed response: an event for each piece.",
		path:  "/stream", status: http.StatusOK, spans: []string{"GET /stream"}, events: []string{"piece", "piece", "piece", "piece", "piece"},
	},
	{
		about: "A panic: the span records it, and the line is written before the sandbox ends.",
		path:  "/panic", status: http.StatusInternalServerError, spans: []string{"GET /panic"}, errors: 1, events: []string{trace.ExceptionEvent},
	},
	{
		about: "A path that the service does not have: a 404.",
		path:  "/nope", status: http.StatusNotFound, spans: []string{"GET"},
	},
}

// urlPath is the path without its query.
func (r request) urlPath() string {
	path, _, _ := strings.Cut(r.path, "?")
	return path
}

// check returns what is wrong with the trace that the request left.
func (r request) check(t *traces.Trace, parents []string) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	root := t.Root()
	if !t.Complete() {
		say("a span has not ended, or its parent is missing")
	}
	if root.Kind != trace.SpanKindServer {
		say("the root is of kind %s, not server", root.Kind)
	}
	if got := root.HTTPStatus(); got != strconv.Itoa(r.status) {
		say("http.response.status_code is %q, not %d", got, r.status)
	}
	if got, want := names(t), slices.Sorted(slices.Values(r.spans)); !slices.Equal(got, want) {
		say("the spans are %q, not %q", got, want)
	}
	if got := t.Errors(); got != r.errors {
		say("%d spans have failed, not %d", got, r.errors)
	}
	if r.traceparent != "" && (t.ID.String() != callersTrace || root.ParentSpanID.String() != callersSpan) {
		say("the caller's trace is not continued")
	}
	for _, name := range r.events {
		at := slices.IndexFunc(root.Events, func(e trace.Event) bool { return e.Name == name })
		if at < 0 {
			say("an event %q is missing", name)
			break
		}
		root.Events = slices.Delete(slices.Clone(root.Events), at, at+1)
	}
	var logged []string
	for _, l := range t.Logs {
		logged = append(logged, l.Body)
	}
	if !slices.Equal(logged, r.logs) {
		say("the log records are %q, not %q", logged, r.logs)
	}
	if len(parents) != r.backends {
		say("the origin got %d requests, not %d", len(parents), r.backends)
	}
	for _, p := range parents {
		if !r.namesClient(t, p) {
			say("the origin got traceparent %q, which is no client span of this trace", p)
		}
	}
	return wrong
}

// namesClient tells whether a traceparent names a client span of t.
func (request) namesClient(t *traces.Trace, traceparent string) bool {
	return slices.ContainsFunc(t.Spans, func(s *traces.Span) bool {
		id := s.SpanContext.TraceID.String() + "-" + s.SpanContext.SpanID.String()
		return s.Kind == trace.SpanKindClient && strings.Contains(traceparent, id)
	})
}

func names(t *traces.Trace) []string {
	var names []string
	for _, s := range t.Spans {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}
