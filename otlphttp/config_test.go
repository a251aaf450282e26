package otlphttp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/batch/filestore"
)

func TestTarget(t *testing.T) {
	for url, want := range map[string]string{
		"http://localhost:4318":              "http://localhost:4318/v1/traces",
		"http://localhost:4318/":             "http://localhost:4318/v1/traces",
		"https://api.example/v1/traces":      "https://api.example/v1/traces",
		"HTTPS://api.example/otlp?key=1":     "HTTPS://api.example/otlp?key=1",
		"http://localhost:4318?key=1":        "http://localhost:4318/v1/traces?key=1",
		"http://localhost:4318/?key=/1":      "http://localhost:4318/v1/traces?key=/1",
		"http://localhost:4318#x":            "http://localhost:4318/v1/traces#x",
		"http://localhost:4318//":            "http://localhost:4318//",
		"http://?key=1":                      "",
		"":                                   "",
		"localhost:4318":                     "",
		"ftp://localhost":                    "",
		"http://":                            "",
		"http:///v1/traces":                  "",
		"http://a.example/\r\nX-Injected: 1": "",
	} {
		got, err := target(url)
		assert.Equal(t, want != "", err == nil, url)
		if err == nil {
			assert.Equal(t, want, got)
		}
	}
}

func TestBadConfigIsAnError(t *testing.T) {
	for _, config := range []Config{{}, {URL: receiver}, {URL: "nonsense", Transport: &fakeTransport{}}} {
		e := New(config)
		require.Error(t, e.Export(context.Background(), spans(2)))
		require.NoError(t, e.Export(context.Background(), spans(1)), "it is reported once")
		assert.Equal(t, Stats{DroppedSpans: 3}, e.Stats())
	}
	var e *Exporter
	require.NoError(t, e.Export(context.Background(), spans(2)))
	assert.Zero(t, e.Stats())
	assert.Zero(t, e.Send(context.Background(), nil))
}

func TestHeaders(t *testing.T) {
	f := &fakeTransport{}
	e := New(Config{URL: receiver, Transport: f, Headers: map[string]string{
		"X-Team": "edge", "Authorization": "Bearer topsecret", "X-Bad": "topsecret\r\nX-Injected: 1", "Not A Name": "x", "Content-Type": "text/plain", "host": "x",
	}})
	err := e.Export(context.Background(), spans(1))
	require.ErrorIs(t, err, errHeaders)
	assert.Equal(t, []Header{{"Content-Type", "application/json"}, {"Authorization", "Bearer topsecret"}, {"X-Team", "edge"}}, f.requests[0].Headers)
	assert.Equal(t, Stats{Requests: 1, Bytes: uint64(len(f.requests[0].Body)), Spans: 1}, e.Stats())
}

// No error contains the URL. A URL may have a secret in it, and runtimes put URLs into their errors.
func TestErrorsHideTheURL(t *testing.T) {
	f := TransportFunc(func(_ context.Context, r *Request) (Response, error) {
		return Response{}, errors.New("TypeError: Failed to parse URL from " + r.URL)
	})
	_, err := export(t, Config{URL: "http://user:topsecret@[/v1/traces", Transport: f, Attempts: 1}, spans(1))
	require.EqualError(t, err, "otlphttp: TypeError: Failed to parse URL from Config.URL")
}

func TestErrorsHideTokens(t *testing.T) {
	headers := map[string]string{"Authorization": "Bearer topsecret", "X-Key": "verysecret", "X-Long": "topsecret-and-longer"}
	for name, answer := range map[string]func(*Request) (Response, error){
		"status":  status(401, `{"message":"bad token topsecret in Bearer topsecret, and verysecret"}`),
		"partial": status(200, `{"partialSuccess":{"rejectedSpans":1,"errorMessage":"topsecret verysecret"}}`),
		"query":   status(404, `{"message":"there is no /v1/traces?api_key=urlsecret&v=1"}`),
		"error": func(r *Request) (Response, error) {
			return Response{}, Permanent(errors.New("dial topsecret:verysecret urlsecret " + r.URL))
		},
		"panic": func(r *Request) (Response, error) { panic(r.Headers[1].Value + fmt.Sprintf("%v %+v %#v", r, r, r)) },
		"cut":   status(401, `{"message":"`+strings.Repeat("a", 190)+` topsecret-and-longer"}`),
		"cut 2": status(200, `{"partialSuccess":{"rejectedSpans":1,"errorMessage":"`+strings.Repeat("a", 195)+` verysecret"}}`),
	} {
		config := Config{URL: receiver + "?api_key=urlsecret&v=1", Headers: headers, Transport: &fakeTransport{answer: answer}}
		e := New(config)
		err := e.Export(context.Background(), spans(1))
		require.Error(t, err, name)
		for _, text := range []string{err.Error(), fmt.Sprint(e), fmt.Sprintf("%v %+v %#v %s", e, e, e, e), fmt.Sprintf("%v %+v %#v %s %+v", config, config, config, config, &config)} {
			for _, part := range []string{"secr", "tops", "verys", "urls"} {
				assert.NotContains(t, text, part, name)
			}
		}
		if !strings.HasPrefix(name, "cut") {
			assert.Contains(t, err.Error(), "REDACTED", name)
		}
	}
}

// A wrong setting must not lose what a store has kept: no line is settled before there is a request. Some wrong settings are
// noticed only by the transport, such as the name of a backend.
func TestBadConfigSettlesNothing(t *testing.T) {
	errName := Permanent(errors.New("no such backend"))
	unknown := &fakeTransport{answer: func(*Request) (Response, error) { return Response{}, errName }}
	for _, config := range []Config{{}, {URL: receiver}, {URL: "localhost:4318", Transport: &fakeTransport{}}, {URL: receiver, Transport: unknown}} {
		path := filepath.Join(t.TempDir(), "spans")
		e := New(config)
		bad := first(e.bad, errName)
		store := filestore.Open(path)
		defer store.Close()
		p := batch.New(batch.Config{Sink: e, Store: store})
		require.NoError(t, p.Export(context.Background(), spans(2)))
		for range 20 { // more than batch.Config.Attempts
			require.ErrorIs(t, p.Flush(context.Background()), bad)
		}
		assert.EqualValues(t, 2, p.Stats().Held)
		require.ErrorIs(t, p.Shutdown(context.Background()), bad)
		assert.Zero(t, p.Stats().Rejected+p.Stats().Dropped+e.Stats().DroppedSpans)
		kept, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, string(kept), `"resourceSpans"`, "for the program that is mended")
	}
}

// A Transport may append to a request's headers, even if other requests are running.
func TestHeadersAreOfOneRequest(t *testing.T) {
	for n := range 8 {
		config := Config{URL: receiver, Headers: map[string]string{}}
		for i := range n {
			config.Headers["X-"+strconv.Itoa(i)] = "v"
		}
		var all [][]Header
		config.Transport = TransportFunc(func(_ context.Context, r *Request) (Response, error) {
			all = append(all, append(r.Headers, Header{"X-Token", strconv.Itoa(len(all))}))
			return Response{Status: 200}, nil
		})
		e := New(config)
		require.NoError(t, e.Export(context.Background(), spans(1)))
		require.NoError(t, e.Export(context.Background(), spans(1)))
		assert.Equal(t, "0", all[0][len(all[0])-1].Value, "%d headers", n)
	}
}
