package middleware

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// FuzzRequest checks that, for any request, the client gets the response that the handler wrote, and the span encodes to a
// valid line that reads back.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/a", "b=c", "h:80", "User-Agent", "curl", parentSampled, "a=1", "/{id}", 200, "hello", false)
	f.Add("", "", "", "", "", "", "", "", "", 0, "", false)
	f.Add("\x00", "/\xff\n\"", "token=\x00&\xff", "[::1", "Cookie", "\r\n", "00-", "=,", "\x00", 103, "\x00", true)
	f.Add("PURGE", "//", strings.Repeat("a=b&", 5000), ":", "Content-Length", "-1", parentNot, "ot=th:0", "", 999, "", true)
	f.Fuzz(func(t *testing.T, method, path, query, host, name, value, parent, state, route string, status int, body string, panics bool) {
		s := newSetup()
		r := &fsthttp.Request{
			Method: method, Host: host, RemoteAddr: value, URL: &url.URL{Scheme: "https", Host: host, Path: path, RawQuery: query},
			Header: fsthttp.Header{"Traceparent": {parent}, "Tracestate": {state}}, ProtoMajor: status,
		}
		r.Header.Add(name, value)
		w := fsttest.NewRecorder()
		handler := New(s.tp, Config{
			RequestHeaders:  []string{name},
			ResponseHeaders: []string{name},
			Route:           func(*fsthttp.Request) string { return route },
		})(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			w.Header().Set(name, value)
			if status != 0 {
				w.WriteHeader(status)
			}
			_, err := io.WriteString(w, body)
			require.NoError(t, err)
			_, err = Send(ctx, r, body)
			require.Error(t, err)
			if panics {
				panic(body)
			}
		}))
		call := func() { handler(context.Background(), w, r) }
		if panics {
			require.PanicsWithValue(t, body, call)
		} else {
			call()
		}
		if status != 0 {
			require.Equal(t, status, w.Code)
		}
		require.Equal(t, body, w.Body.String())
		require.Empty(t, s.errs)

		require.Len(t, s.all(), 1)
		line := new(otlp.Encoder).Append(nil, s.all()[0])
		require.True(t, json.Valid(line), "%s", line)
		require.NotContains(t, string(line), "\n")
		read, err := otlp.Decode(line)
		require.NoError(t, err)
		require.Len(t, read, 1)
		require.Len(t, read[0].Spans, 2)
		root := read[0].Root()
		require.NotNil(t, root)
		require.Equal(t, trace.SpanKindServer, root.Kind)
		require.Len(t, root.Events, map[bool]int{false: 1, true: 2}[panics])
		if panics {
			require.Equal(t, trace.Status{Code: trace.StatusError, Description: body}, s.all()[0].Root().Status)
		}
	})
}
