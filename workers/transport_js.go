package workers

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/workers/internal/jsx"
)

// transport carries otlphttp's requests by fetch. It is not the twin's fetch, so it makes no spans.
func transport() otlphttp.Transport { return otlphttp.TransportFunc(post) }

func post(ctx context.Context, r *otlphttp.Request) (resp otlphttp.Response, err error) {
	headers := jsx.Object()
	for _, h := range r.Headers {
		headers.Set(h.Name, h.Value)
	}
	abort := js.Global().Get("AbortController").New()
	init := jsx.Object()
	init.Set("method", "POST")
	init.Set("headers", headers)
	init.Set("body", jsx.Bytes(r.Body))
	init.Set("redirect", "manual")
	init.Set("signal", abort.Get("signal"))
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()

	answer, err := jsx.Fetch(r.URL, init)
	if err != nil {
		return resp, because(ctx, err)
	}
	got := answer.Get("headers")
	resp.Status = answer.Get("status").Int()
	resp.ContentType = text(got.Call("get", "Content-Type"))
	resp.RetryAfter = text(got.Call("get", "Retry-After"))
	resp.Body, err = jsx.ReadAtMost(answer.Get("body"), otlphttp.MaxResponse)
	if err != nil && resp.Status < 300 {
		return otlphttp.Response{}, because(ctx, err)
	}
	return resp, nil
}

// because prefers the context's reason to what JavaScript says of an aborted request.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// compress has the platform do it, so that no compressor is linked.
func compress(body []byte) ([]byte, error) {
	stream := js.Global().Get("Blob").New([]any{jsx.Bytes(body)}).Call("stream").
		Call("pipeThrough", js.Global().Get("CompressionStream").New("gzip"))
	buffer, err := jsx.Await(js.Global().Get("Response").New(stream).Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	return jsx.GoBytes(js.Global().Get("Uint8Array").New(buffer)), nil
}
