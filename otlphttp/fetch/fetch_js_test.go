package fetch_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/fetch"
)

// These tests run on Node (make test-otlphttp), whose HTTP server is the receiver.

// listen starts a server that passes its requests to f, and returns its address.
func listen(t *testing.T, f func(path, method string, headers js.Value, body string, answer func(status int, headers map[string]any, body string))) string {
	handler := js.FuncOf(func(_ js.Value, args []js.Value) any {
		req, res := args[0], args[1]
		var text string
		req.Call("setEncoding", "utf8")
		req.Call("on", "data", js.FuncOf(func(_ js.Value, args []js.Value) any { text += args[0].String(); return nil }))
		req.Call("on", "end", js.FuncOf(func(js.Value, []js.Value) any {
			f(req.Get("url").String(), req.Get("method").String(), req.Get("headers"), text, func(status int, headers map[string]any, body string) {
				res.Call("writeHead", status, headers)
				res.Call("end", body)
			})
			return nil
		}))
		return nil
	})
	server := js.Global().Call("require", "http").Call("createServer", handler)
	listening := make(chan struct{})
	server.Call("listen", 0, "127.0.0.1", js.FuncOf(func(js.Value, []js.Value) any { close(listening); return nil }))
	<-listening
	t.Cleanup(func() {
		server.Call("closeAllConnections")
		server.Call("close")
	})
	return "http://127.0.0.1:" + strconv.Itoa(server.Call("address").Get("port").Int())
}

func post(ctx context.Context, url string) (otlphttp.Response, error) {
	return fetch.Transport{}.Post(ctx, &otlphttp.Request{
		URL: url, Headers: []otlphttp.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Token", Value: "t"}}, Body: []byte(`{"é":1}`),
	})
}

func isPermanent(err error) bool {
	var p interface{ Permanent() bool }
	return errors.As(err, &p) && p.Permanent()
}

func TestPost(t *testing.T) {
	background := context.Background()
	url := listen(t, func(path, method string, headers js.Value, body string, answer func(int, map[string]any, string)) {
		switch path {
		case "/ok":
			answer(200, map[string]any{"Content-Type": "application/json"}, strings.Join([]string{method, headers.Get("content-type").String(), headers.Get("x-token").String(), body}, " "))
		case "/busy":
			answer(503, map[string]any{"Retry-After": "7"}, "later")
		case "/moved":
			answer(307, map[string]any{"Location": "/ok"}, "")
		case "/long":
			answer(200, nil, strings.Repeat("x", otlphttp.MaxResponse+1))
		}
	})
	r, err := post(background, url+"/ok")
	require.NoError(t, err)
	assert.Equal(t, otlphttp.Response{Status: 200, ContentType: "application/json", Body: []byte(`POST application/json t {"é":1}`)}, r)

	r, err = post(background, url+"/busy")
	require.NoError(t, err)
	assert.Equal(t, otlphttp.Response{Status: 503, RetryAfter: "7", Body: []byte("later")}, r)

	// A browser hides the status of a redirect, and Node shows it. Neither follows it.
	if r, err = post(background, url+"/moved"); err == nil {
		assert.Equal(t, 307, r.Status)
	} else {
		assert.True(t, isPermanent(err))
	}

	r, err = post(background, url+"/long")
	require.NoError(t, err)
	assert.Len(t, r.Body, otlphttp.MaxResponse)

	ctx, cancel := context.WithTimeout(background, 50*time.Millisecond)
	defer cancel()
	_, err = post(ctx, url+"/never")
	require.ErrorIs(t, err, context.DeadlineExceeded)

	_, err = post(background, "http://127.0.0.1:1/refused")
	require.Error(t, err)
	assert.False(t, isPermanent(err), "worth another try")
}

// setFetch gives the program another fetch for the rest of a test: what a function with this body returns.
func setFetch(t *testing.T, body string) {
	was := js.Global().Get("fetch")
	t.Cleanup(func() { js.Global().Set("fetch", was) })
	js.Global().Set("fetch", js.Global().Get("Function").New(body).Invoke())
}

// A fetch that ignores its signal keeps nobody waiting, whether it settles later or never.
func TestFetchThatDoesNotAbort(t *testing.T) {
	console := js.Global().Get("console")
	wasError := console.Get("error")
	defer console.Set("error", wasError)
	var told []string
	console.Set("error", js.FuncOf(func(_ js.Value, args []js.Value) any {
		told = append(told, args[0].String())
		return nil
	}))
	for i, f := range []string{
		"return () => new Promise(() => {})",
		"return () => new Promise((resolve) => setTimeout(() => resolve(new Response('{}')), 100))",
		"return () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 100))",
		"return () => Promise.resolve({ status: 200, headers: new Headers(), body: { getReader: () => ({ read: () => new Promise(() => {}) }) } })", // an answer, of which the rest is missing
	} {
		setFetch(t, f)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		done := make(chan error, 1)
		go func() {
			_, err := post(ctx, "http://receiver.example")
			done <- err
		}()
		select {
		case err := <-done:
			if i < 3 {
				require.ErrorIs(t, err, context.DeadlineExceeded)
			} else {
				require.NoError(t, err)
			}
		case <-time.After(time.Minute):
			t.Fatal("it waits for ", f)
		}
		cancel()
	}
	time.Sleep(200 * time.Millisecond)
	assert.Empty(t, told, "a promise that settles late still has its functions")
}

// A body that breaks off is not an error, since the status has arrived.
func TestBodyThatBreaksOff(t *testing.T) {
	setFetch(t, `return async () => {
		const chunks = [new TextEncoder().encode("{")];
		return new Response(new ReadableStream({ pull: (c) => chunks.length ? c.enqueue(chunks.pop()) : c.error(new Error("cut")) }));
	}`)
	r, err := post(context.Background(), "http://receiver.example")
	require.NoError(t, err)
	assert.Equal(t, 200, r.Status)
	assert.Equal(t, "{", string(r.Body))
}

// Nor is a body that cannot be read, because a library's fetch has read it.
func TestBodyThatIsRead(t *testing.T) {
	for _, f := range []string{
		"return async () => { const r = new Response('{}'); r.body.getReader(); return r }",
		"return async () => { const r = new Response('{}'); await r.text(); return r }",
		"return async () => ({ status: 200, headers: new Headers(), body: '{}' })",
		"return async () => ({ status: 200, headers: new Headers(), body: { getReader: () => ({ read: async () => undefined }) } })",
	} {
		setFetch(t, f)
		r, err := post(context.Background(), "http://receiver.example")
		require.NoError(t, err, f)
		assert.Equal(t, 200, r.Status)
		assert.Empty(t, string(r.Body))
	}
}

// What a library's fetch rejects with may be no error, and have no text.
func TestOddRejections(t *testing.T) {
	for _, f := range []string{
		"return () => Promise.reject(Object.create(null))",
		"return () => Promise.reject({ toString() { throw 1 } })",
		"return () => ({ then(_, fail) { fail() } })",
	} {
		setFetch(t, f)
		_, err := post(context.Background(), "http://receiver.example")
		assert.EqualError(t, err, "rejected, and not with an error", f)
	}
}

// Behind an exporter, an exception of fetch is an error like any other.
func TestExporter(t *testing.T) {
	e := otlphttp.New(otlphttp.Config{URL: "http://[", Transport: fetch.Transport{}})
	r := e.Send(context.Background(), [][]byte{[]byte(`{}`)})
	require.Error(t, r.Err)
}
