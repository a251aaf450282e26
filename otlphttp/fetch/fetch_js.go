package fetch

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/edgespan/edgespan/otlphttp"
)

// Transport is an [otlphttp.Transport]. It sends no cookies and no other credentials of the page.
type Transport struct{}

var errNoFetch = errors.New("there is no fetch here")

// Post sends r.
func (Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	global := js.Global()
	if global.Get("fetch").Type() != js.TypeFunction {
		return otlphttp.Response{}, otlphttp.Permanent(errNoFetch)
	}
	headers := map[string]any{}
	for _, h := range r.Headers {
		headers[h.Name] = h.Value
	}
	body := global.Get("Uint8Array").New(len(r.Body))
	js.CopyBytesToJS(body, r.Body)
	abort := global.Get("AbortController").New()
	init := map[string]any{"method": "POST", "headers": headers, "body": body, "redirect": "manual", "signal": abort.Get("signal")}
	if !global.Get("location").IsUndefined() { // Workers have no credentials, and refuse this field
		init["credentials"] = "omit"
	}
	// Not called as a method of global: syumai/workers replaces global by a proxy.
	resp, err := await(ctx, abort, global.Get("fetch").Invoke(r.URL, init))
	if err != nil {
		return otlphttp.Response{}, err
	}
	if resp.Get("type").String() == "opaqueredirect" { // a page does not learn the status of a redirect
		return otlphttp.Response{Status: 302}, nil
	}
	header := func(name string) string {
		if v := resp.Get("headers").Call("get", name); v.Type() == js.TypeString {
			return v.String()
		}
		return ""
	}
	return otlphttp.Response{
		Status:      resp.Get("status").Int(),
		ContentType: header("Content-Type"),
		RetryAfter:  header("Retry-After"), // a receiver of another origin must expose this header
		Body:        read(ctx, abort, resp.Get("body")),
	}, nil
}

// read reads a stream up to otlphttp.MaxResponse bytes, or until it breaks off or throws, as one does that a library's fetch has read: the
// status decides anyway.
func read(ctx context.Context, abort, stream js.Value) (body []byte) {
	defer func() { _ = recover() }()
	if stream.IsNull() || stream.IsUndefined() {
		return nil
	}
	reader := stream.Call("getReader")
	for len(body) < otlphttp.MaxResponse {
		chunk, err := await(ctx, abort, reader.Call("read"))
		if err != nil || chunk.Get("done").Bool() {
			return body
		}
		data := chunk.Get("value")
		at := len(body)
		body = append(body, make([]byte, data.Get("length").Int())...)
		js.CopyBytesToGo(body[at:], data)
	}
	abort.Call("abort")
	return body[:otlphttp.MaxResponse]
}

// reason is the error of a rejection with these arguments. A value of a library may have no text: String throws then.
func reason(args []js.Value) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("rejected, and not with an error")
		}
	}()
	return errors.New(js.Global().Get("String").Invoke(args[0]).String())
}

// await waits for a promise or until ctx is done. A fetch that ignores its signal may settle later, or never. Its two functions
// stay for it, but nobody waits.
func await(ctx context.Context, abort, promise js.Value) (js.Value, error) {
	type result struct {
		value js.Value
		err   error
	}
	results := make(chan result, 1)
	var done, fail js.Func
	settle := func(r result) any {
		done.Release()
		fail.Release()
		results <- r
		return nil
	}
	done = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(result{value: append(args, js.Undefined())[0]}) })
	fail = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(result{err: reason(args)}) })
	promise.Call("then", done, fail)
	select {
	case r := <-results:
		return r.value, r.err
	case <-ctx.Done():
		abort.Call("abort")
		return js.Value{}, ctx.Err()
	}
}
