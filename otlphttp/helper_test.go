package otlphttp

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

const receiver = "http://receiver.example"

// fakeTransport returns the responses that the test sets, or 200 by default, and keeps the requests.
type fakeTransport struct {
	mu       sync.Mutex
	requests []Request
	answer   func(r *Request) (Response, error)
}

func (f *fakeTransport) Post(_ context.Context, r *Request) (Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, *r)
	if f.answer == nil {
		return Response{Status: 200, Body: []byte(`{}`)}, nil
	}
	return f.answer(r)
}

// status returns the same status for all requests.
func status(code int, body string) func(*Request) (Response, error) {
	return func(*Request) (Response, error) { return Response{Status: code, Body: []byte(body)}, nil }
}

// names returns the names of the spans in a body, which otlp.Decode must accept.
func names(t require.TestingT, body []byte) (names []string) {
	batches, err := otlp.Decode(body)
	require.NoError(t, err, "%s", body)
	for _, b := range batches {
		for _, d := range b.Spans {
			names = append(names, d.Name)
		}
	}
	return names
}

var shop = trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")})

// spans makes a batch of n spans, called "0" and up.
func spans(n int, attrs ...trace.Attribute) *trace.Batch {
	b := &trace.Batch{Resource: shop}
	for i := range n {
		b.Spans = append(b.Spans, trace.SpanData{
			SpanContext: trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1, byte(i >> 8), byte(i)}},
			Name:        strconv.Itoa(i), Start: 1_700_000_000_000_000_000, End: 1_700_000_000_000_000_001, Attributes: attrs,
		})
	}
	return b
}

func line(b *trace.Batch) []byte { return new(otlp.Encoder).Append(nil, b) }

func export(t *testing.T, config Config, b *trace.Batch) (Stats, error) {
	t.Helper()
	if config.URL == "" {
		config.URL = receiver
	}
	e := New(config)
	err := e.Export(context.Background(), b)
	return e.Stats(), err
}
