package demo

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/trace"
)

// goodTrace is the expected trace of the request to /api/data.
func goodTrace() []trace.SpanData {
	id := trace.TraceID{15: 1}
	return []trace.SpanData{
		{
			SpanContext: trace.SpanContext{TraceID: id, SpanID: trace.SpanID{7: 1}}, Name: "GET /api/data", Kind: trace.SpanKindServer, Start: 1, End: 9,
			Attributes: []trace.Attribute{trace.String("url.path", "/api/data"), trace.Int("http.response.status_code", 200)},
		},
		{SpanContext: trace.SpanContext{TraceID: id, SpanID: trace.SpanID{7: 2}}, ParentSpanID: trace.SpanID{7: 1}, Name: "GET", Kind: trace.SpanKindClient, Start: 2, End: 8},
	}
}

const goodParent = "00-00000000000000000000000000000001-0000000000000002-01"

func TestCheck(t *testing.T) {
	data := requests[1]
	require.Equal(t, "/api/data", data.path)
	for name, tc := range map[string]struct {
		change  func([]trace.SpanData) []trace.SpanData
		parents []string
		want    string
	}{
		"as it should be":   {nil, []string{goodParent}, ""},
		"a span is missing": {func(s []trace.SpanData) []trace.SpanData { return s[:1] }, []string{goodParent}, "the spans are"},
		"a span is open":    {func(s []trace.SpanData) []trace.SpanData { s[1].End = 0; return s }, []string{goodParent}, "has not ended"},
		"wrong parent":      {func(s []trace.SpanData) []trace.SpanData { s[1].ParentSpanID[0] = 1; return s }, []string{goodParent}, "parent is missing"},
		"wrong kind":        {func(s []trace.SpanData) []trace.SpanData { s[0].Kind = trace.SpanKindInternal; return s }, []string{goodParent}, "not server"},
		"wrong status":      {func(s []trace.SpanData) []trace.SpanData { s[0].Attributes = s[0].Attributes[:1]; return s }, []string{goodParent}, "status_code"},
		"an error":          {func(s []trace.SpanData) []trace.SpanData { s[1].Status.Code = trace.StatusError; return s }, []string{goodParent}, "1 spans have failed"},
		"origin not asked":  {nil, nil, "the origin got 0 requests"},
		"origin not told":   {nil, []string{""}, "no client span of this trace"},
	} {
		t.Run(name, func(t *testing.T) {
			spans := goodTrace()
			if tc.change != nil {
				spans = tc.change(spans)
			}
			tr := traceOf(lines.Record{Batches: []trace.Batch{{Resource: trace.NewResource(), Spans: spans}}})
			require.NotNil(t, tr)
			wrong := data.check(tr, tc.parents)
			if tc.want == "" {
				assert.Empty(t, wrong)
				return
			}
			require.NotEmpty(t, wrong)
			assert.Contains(t, wrong[0], tc.want)
		})
	}
}

func TestCheckOfACallersTrace(t *testing.T) {
	items := requests[2]
	require.NotEmpty(t, items.traceparent)
	tr := traceOf(lines.Record{Batches: []trace.Batch{{Resource: trace.NewResource(), Spans: goodTrace()}}})
	assert.Contains(t, items.check(tr, nil), "the caller's trace is not continued")
}

func TestSinkFindsLinesInPieces(t *testing.T) {
	s := newSink()
	line := `otlp_logs :: {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}]}]}]}`
	for _, c := range []byte("printed by the service\n" + line + "\n") {
		_, _ = s.Write([]byte{c})
	}
	require.Len(t, s.lines, 1)
	assert.Equal(t, line, (<-s.lines).text)
}

func TestOrigin(t *testing.T) {
	o := newOrigin()
	addr, stop, err := listen(o)
	require.NoError(t, err)
	defer stop()
	for path, want := range map[string]string{
		"/data": `{"from":"the origin","items":[1,2,3]}`, "/items/7": `{"id":"7","name":"A lamp"}`, "/stock/7": `{"id":"7","left":3}`,
	} {
		resp, err := http.Get("http://" + addr + path)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		assert.JSONEq(t, want, string(body))
	}
	assert.Len(t, o.takeParents(), 3)
	assert.Empty(t, o.takeParents())
}
