package otlphttp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestExportIsOnePost(t *testing.T) {
	f := &fakeTransport{}
	stats, err := export(t, Config{Transport: f}, spans(3))
	require.NoError(t, err)
	require.Len(t, f.requests, 1)
	assert.Equal(t, receiver+"/v1/traces", f.requests[0].URL)
	assert.Equal(t, []Header{{"Content-Type", "application/json"}}, f.requests[0].Headers)
	assert.Equal(t, string(line(spans(3))), string(f.requests[0].Body))
	assert.Equal(t, Stats{Requests: 1, Bytes: uint64(len(f.requests[0].Body)), Spans: 3}, stats)
}

func TestBodiesAreBounded(t *testing.T) {
	f := &fakeTransport{}
	b := spans(300, trace.String("text", strings.Repeat("x", 50)))
	b.Spans[17].Attributes = []trace.Attribute{trace.String("text", strings.Repeat("x", 5000))}
	stats, err := export(t, Config{Transport: f, MaxBody: 4000}, b)
	require.ErrorIs(t, err, errTooLarge)
	var got []string
	for _, r := range f.requests {
		assert.LessOrEqual(t, len(r.Body), 4000)
		got = append(got, names(t, r.Body)...)
	}
	want := names(t, line(spans(300)))
	assert.Equal(t, slices.Delete(want, 17, 18), got)
	assert.Equal(t, uint64(299), stats.Spans)
	assert.Equal(t, uint64(1), stats.DroppedSpans)
	assert.Less(t, len(f.requests), 40)
}

func TestFinalAnswers(t *testing.T) {
	for _, c := range []struct {
		answer func(*Request) (Response, error)
		stats  Stats
	}{
		{status(400, ""), Stats{Requests: 1, Failures: 1, RejectedSpans: 3}},
		{status(200, `{"partialSuccess":{"rejectedSpans":"1"}}`), Stats{Requests: 1, Spans: 2, RejectedSpans: 1}},
		{func(*Request) (Response, error) { return Response{}, Permanent(errors.New("no such backend")) }, Stats{Requests: 1, Failures: 1, DroppedSpans: 3}},
	} {
		stats, err := export(t, Config{Transport: &fakeTransport{answer: c.answer}}, spans(3))
		require.Error(t, err)
		stats.Bytes = 0
		assert.Equal(t, c.stats, stats)
	}
}

func TestTransportThatPanics(t *testing.T) {
	f := &fakeTransport{answer: func(*Request) (Response, error) { panic("oh") }}
	stats, err := export(t, Config{Transport: f, Attempts: 1}, spans(3))
	require.EqualError(t, err, "otlphttp: panic in Transport.Post: oh")
	assert.Equal(t, Stats{Requests: 1, Failures: 1, Bytes: stats.Bytes, DroppedSpans: 3}, stats)
	r := New(Config{URL: receiver, Transport: f}).Send(context.Background(), [][]byte{line(spans(3))})
	assert.Zero(t, r.Untried, "it counts as a failure, so that a line which brings it about is dropped some time")
}

// Behind a batch.Processor, an error reports a span that is too large.
func TestTooLargeBehindBatch(t *testing.T) {
	e := New(Config{URL: receiver, Transport: &fakeTransport{}, MaxBody: 1000})
	p := batch.New(batch.Config{Sink: e, Mode: batch.Inline, Spans: 1, Age: -1})
	large := spans(2)
	large.Spans[1].Attributes = []trace.Attribute{trace.String("text", strings.Repeat("x", 1000))}
	require.ErrorIs(t, p.Export(context.Background(), large), errTooLarge)
	require.NoError(t, p.Export(context.Background(), large), "once")
	assert.Equal(t, batch.Stats{Given: 4, Sent: 2, Dropped: 2, Flushes: 2}, p.Stats())
	assert.Equal(t, uint64(2), e.Stats().DroppedSpans)
}

// A batch.Processor drops a line for which it has no room. So a trace with more spans than it holds becomes several lines, and
// only the rest is lost. The lines are sent as one request.
func TestLongTraceBehindBatch(t *testing.T) {
	f := &fakeTransport{}
	p := batch.New(batch.Config{Sink: New(Config{URL: receiver, Transport: f}), Mode: batch.Manual})
	require.Error(t, p.Export(context.Background(), spans(2100)))
	require.NoError(t, p.Flush(context.Background()))
	require.Len(t, f.requests, 1)
	assert.Equal(t, names(t, line(spans(2048))), names(t, f.requests[0].Body))
	assert.Equal(t, batch.Stats{Given: 2100, Sent: 2048, Dropped: 52, Flushes: 1}, p.Stats())
}

func TestErrorIsToldOnce(t *testing.T) {
	f := &fakeTransport{answer: status(400, "")}
	e := New(Config{URL: receiver, Transport: f})
	require.Error(t, e.Export(context.Background(), spans(1)))
	require.NoError(t, e.Export(context.Background(), spans(1)))
	f.answer = status(403, "")
	require.Error(t, e.Export(context.Background(), spans(1)), "another one")
}

// The end of the traced request does not end its export.
func TestExportOutlivesContext(t *testing.T) {
	f := TransportFunc(func(ctx context.Context, _ *Request) (Response, error) { return Response{Status: 200}, ctx.Err() })
	e := New(Config{URL: receiver, Transport: f})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, e.Export(ctx, spans(1)))
	assert.Equal(t, uint64(1), e.Stats().Spans)
}

func TestCompression(t *testing.T) {
	short := func(body []byte) ([]byte, error) { return []byte("short"), nil }
	broken := func([]byte) ([]byte, error) { return nil, errors.New("broken") }
	panics := func([]byte) ([]byte, error) { panic("broken") }
	f := &fakeTransport{}
	headers := map[string]string{"X-A": "1"}
	_, err := export(t, Config{Transport: f, Gzip: short, Headers: headers}, spans(1))
	require.NoError(t, err)
	assert.Equal(t, "short", string(f.requests[0].Body))
	assert.Equal(t, []Header{{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}, {"X-A", "1"}}, f.requests[0].Headers)
	for _, bad := range []func([]byte) ([]byte, error){broken, panics} {
		f.requests = nil
		_, err = export(t, Config{Transport: f, Gzip: bad, Headers: headers}, spans(1))
		require.NoError(t, err)
		assert.Equal(t, string(line(spans(1))), string(f.requests[0].Body))
		assert.Equal(t, []Header{{"Content-Type", "application/json"}, {"X-A", "1"}}, f.requests[0].Headers)
	}
}

func TestBehindBatch(t *testing.T) {
	f := &fakeTransport{}
	e := New(Config{URL: receiver, Transport: f})
	p := batch.New(batch.Config{Sink: e, Mode: batch.Manual})
	for range 50 {
		require.NoError(t, p.Export(context.Background(), spans(2)))
	}
	require.NoError(t, p.Flush(context.Background()))
	require.Len(t, f.requests, 1)
	assert.Len(t, names(t, f.requests[0].Body), 100)
	assert.Equal(t, 1, strings.Count(string(f.requests[0].Body), "service.name"), "one resource")

	f.answer = func(*Request) (Response, error) { return Response{Status: 503, RetryAfter: "60"}, nil }
	require.NoError(t, p.Export(context.Background(), spans(2)))
	require.EqualError(t, p.Flush(context.Background()), "otlphttp: the receiver answers 503")
	require.ErrorContains(t, p.Flush(context.Background()), "asked for a pause")
	assert.Equal(t, uint64(2), p.Stats().Held)
	assert.Zero(t, e.Stats().DroppedSpans)
}

// If one of several requests fails, the lines before it are settled.
func TestSendStopsWhereItHasToBeTriedAgain(t *testing.T) {
	calls := 0
	f := &fakeTransport{answer: func(*Request) (Response, error) {
		calls++
		return Response{Status: []int{200, 400, 503, 200}[calls-1]}, nil
	}}
	e := New(Config{URL: receiver, Transport: f, MaxBody: 1000})
	l := line(spans(3))
	r := e.Send(context.Background(), [][]byte{l, l, l, l})
	assert.Equal(t, 2, r.Lines)
	assert.Equal(t, 3, r.Rejected)
	assert.Equal(t, 1, r.Untried)
	require.EqualError(t, r.Err, "otlphttp: the receiver answers 400")
	assert.Equal(t, uint64(3), e.Stats().Spans)
}

// A body that the receiver never accepts holds up no other.
func TestPoisonBehindBatch(t *testing.T) {
	f := &fakeTransport{answer: func(r *Request) (Response, error) {
		if strings.Contains(string(r.Body), "poison") {
			return Response{Status: 503}, nil
		}
		return Response{Status: 200}, nil
	}}
	poison := spans(1, trace.String("is", "poison"))
	e := New(Config{URL: receiver, Transport: f, MaxBody: len(line(poison))}) // one line for each body
	p := batch.New(batch.Config{Sink: e, Mode: batch.Manual})
	_ = p.Export(context.Background(), poison)
	for range 50 {
		_ = p.Export(context.Background(), spans(1))
	}
	for range 10 {
		require.Error(t, p.Flush(context.Background()))
	}
	assert.Equal(t, batch.Stats{Given: 51, Sent: 50, Dropped: 1, Flushes: 10, Failures: 10}, p.Stats())
}
