//go:build !js

package workers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
	"github.com/edgespan/edgespan/workers/internal/send"
)

// outgoing serves r with a handler that sends requests with all of r's headers. It returns the headers that each host was sent.
func outgoing(t *testing.T, config Config, r *http.Request) (sent map[string]http.Header, spans []trace.SpanData, errs []error) {
	t.Helper()
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, OnError: func(err error) { errs = append(errs, err) }})
	sent = map[string]http.Header{}
	New(tp, config)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "7", baggage.FromContext(r.Context()).Get("tenant"))
		for _, host := range []string{"mine.example", "other.example"} {
			out, err := http.NewRequestWithContext(r.Context(), "GET", "https://"+host, nil)
			require.NoError(t, err)
			out.Header = r.Header.Clone()
			_, err = send.Do(out, func(r *http.Request) (*http.Response, error) {
				sent[host] = r.Header
				return &http.Response{StatusCode: 200}, nil
			})
			require.NoError(t, err)
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	return sent, exporter.Spans(), errs
}

func mine(r *http.Request) bool { return r.URL.Host == "mine.example" }

func TestPropagate(t *testing.T) {
	r := request("GET", "http://h/", "B3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", "Baggage", "tenant=7",
		"Traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
	sent, spans, errs := outgoing(t, Config{Propagation: Propagate{
		Propagator: propagation.B3{}, ContextTo: mine, Baggage: propagation.Baggage{}, BaggageTo: func(r *http.Request) bool { return !mine(r) },
	}}, r)
	require.Empty(t, errs)
	require.Len(t, spans, 3)
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", spans[0].SpanContext.TraceID.String())
	assert.Equal(t, "00f067aa0ba902b7", spans[0].ParentSpanID.String())
	assert.Equal(t, http.Header{"B3": {"4bf92f3577b34da6a3ce929d0e0e4736-" + spans[1].SpanContext.SpanID.String() + "-1"}}, sent["mine.example"])
	assert.Equal(t, http.Header{"Baggage": {"tenant=7"}}, sent["other.example"])
}

// White space around a value, which workerd leaves there, is not part of it. The handler sees the header unchanged.
func TestWhiteSpaceAroundHeaders(t *testing.T) {
	const b3, w3c = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for name, test := range map[string]struct {
		config        Config
		header, value string
	}{
		"by default":     {Config{}, "Traceparent", "\t " + w3c + " \t"},
		"W3C":            {Config{Propagation: Propagate{}}, "Traceparent", w3c + " "},
		"another format": {Config{Propagation: Propagate{Propagator: propagation.B3{}}}, "B3", b3 + "\t"},
	} {
		t.Run(name, func(t *testing.T) {
			exporter := tracetest.NewExporter()
			tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
			New(tp, test.config)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				assert.Equal(t, []string{test.value}, r.Header[test.header])
			})).ServeHTTP(httptest.NewRecorder(), request("GET", "http://h/", test.header, test.value))
			require.Len(t, exporter.Spans(), 1)
			assert.Equal(t, "00f067aa0ba902b7", exporter.Spans()[0].ParentSpanID.String())
		})
	}
}

// A trusted sender decides on sampling if its B3 header does so.
func TestPropagateTrusted(t *testing.T) {
	trust := func(*http.Request) bool { return true }
	config := Config{TrustParent: trust, Propagation: Propagate{Propagator: propagation.B3{}, Baggage: propagation.Baggage{}}}
	for state, exported := range map[string]int{"-0": 0, "-1": 3, "": 3, "-d": 3} {
		sent, spans, _ := outgoing(t, config, request("GET", "http://h/", "B3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"+state, "Baggage", "tenant=7"))
		assert.Len(t, spans, exported, state)
		assert.NotContains(t, sent["mine.example"], "Baggage")
		if state == "-d" {
			assert.Regexp(t, "-d$", sent["mine.example"].Get("B3"))
		}
	}
}

type broken struct{ propagation.W3C }

func (broken) Inject(context.Context, map[string][]string, trace.SpanContext) { panic("inject") }
func (broken) Fields() []string                                               { panic("fields") }

// A propagator that panics sends no headers. The panic is reported, and the request is sent.
func TestPropagatePanics(t *testing.T) {
	r := request("GET", "http://h/", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Baggage", "tenant=7")
	sent, spans, errs := outgoing(t, Config{Propagation: Propagate{Propagator: broken{}, Baggage: propagation.Baggage{}}}, r)
	require.Len(t, spans, 3)
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", spans[0].SpanContext.TraceID.String())
	assert.Equal(t, map[string]http.Header{"mine.example": {}, "other.example": {}}, sent)
	require.Len(t, errs, 4)
	assert.EqualError(t, errs[0], "workers: panic in Config.Propagation: fields")
	assert.EqualError(t, errs[1], "workers: panic in Config.Propagation: inject")
}

// A ContextTo that panics sends no headers either.
func TestContextToPanics(t *testing.T) {
	r := request("GET", "http://h/", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Baggage", "tenant=7")
	sent, _, errs := outgoing(t, Config{Propagation: Propagate{ContextTo: func(*http.Request) bool { panic("x") }, Baggage: propagation.Baggage{}}}, r)
	assert.Equal(t, map[string]http.Header{"mine.example": {}, "other.example": {}}, sent)
	require.Len(t, errs, 2)
	assert.EqualError(t, errs[0], "workers: panic in Config.Propagation: x")
}

// A request that is not traced keeps the headers that may be sent.
func TestPropagateFiltered(t *testing.T) {
	config := Config{Filter: func(*http.Request) bool { return false }, Propagation: Propagate{ContextTo: mine, Baggage: propagation.Baggage{}}}
	for name, tp := range map[string]*trace.TracerProvider{"filtered": trace.NewTracerProvider(trace.Config{}), "without a provider": nil} {
		for host, want := range map[string]http.Header{"mine.example": {"Traceparent": {"the client's"}, "Tracestate": {"its"}}, "other.example": {}} {
			r := request("GET", "http://"+host, "Traceparent", "the client's", "Tracestate", "its", "Baggage", "tenant=7")
			var sent http.Header
			New(tp, config)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = send.Do(r, func(r *http.Request) (*http.Response, error) {
					sent = r.Header
					return nil, nil
				})
			})).ServeHTTP(httptest.NewRecorder(), r)
			assert.Equal(t, want, sent, "%s %s", name, host)
			assert.Len(t, r.Header, 3, "the request keeps its own headers")
		}
	}
}
