package fetch

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/edgespan/edgespan/otlphttp"
)

// Transport is an otlphttp.Transport. Cookies and other credentials of the page are not sent.
type Transport struct{}

var (
	errNoFetch  = errors.New("there is no fetch here")
	errRedirect = permanent{errors.New("the receiver redirects")}
)

// Post sends r.
func (Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	global := js.Global()
	if global.Get("fetch").Type() != js.TypeFunction {
		return otlphttp.Response{}, permanent{errNoFetch}
	}
	headers := map[string]any{}
	for _, h := range r.Headers {
		headers[h.Name] = h.Value
	}
	body := global.Get("Uint8Array").New(len(r.Body))
	js.CopyBytesToJS(body, r.Body)
	abort := global.Get("AbortController").New()
	resp, err := await(ctx, abort, global.Call("fetch", r.URL, map[string]any{
		"method": "POST", "headers": headers, "body": body, "credentials": "omit", "redirect": "manual", "signal": abort.Get("signal"),
	}))
	if err != nil {
		return otlphttp.Response{}, err
	}
	if resp.Get("type").String() == "opaqueredirect" {
		return otlphttp.Response{}, errRedirect
	}
	header := func(name string) string {
		if v := resp.Get("headers").Call("get", name); v.Type() == js.TypeString {
			return v.String()
		}
		return ""
	}
	answer := otlphttp.Response{
		Status:      resp.Get("status").Int(),
		ContentType: header("Content-Type"),
		RetryAfter:  header("Retry-After"), // another origin has to expose it
	}
	buffer, err := await(ctx, abort, resp.Call("arrayBuffer"))
	if err != nil {
		if answer.Status < 300 {
			return otlphttp.Response{}, err
		}
		return answer, nil
	}
	data := global.Get("Uint8Array").New(buffer)
	answer.Body = make([]byte, min(data.Length(), otlphttp.MaxResponse))
	js.CopyBytesToGo(answer.Body, data.Call("subarray", 0, len(answer.Body)))
	return answer, nil
}

// await waits for a promise, or gives up.
func await(ctx context.Context, abort, promise js.Value) (js.Value, error) {
	type result struct {
		value js.Value
		err   error
	}
	results := make(chan result, 1)
	done := js.FuncOf(func(_ js.Value, args []js.Value) any { results <- result{value: args[0]}; return nil })
	fail := js.FuncOf(func(_ js.Value, args []js.Value) any {
		results <- result{err: errors.New(js.Global().Get("String").Invoke(args[0]).String())}
		return nil
	})
	defer done.Release()
	defer fail.Release()
	promise.Call("then", done, fail)
	select {
	case r := <-results:
		return r.value, r.err
	case <-ctx.Done():
		abort.Call("abort")
		<-results // it comes at once, and the functions have to be there for it
		return js.Value{}, ctx.Err()
	}
}

type permanent struct{ error }

func (permanent) Permanent() bool { return true }
func (p permanent) Unwrap() error { return p.error }
