package workers

import (
	"syscall/js"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/fetch"
	"github.com/edgespan/edgespan/workers/internal/jsx"
)

// transport does not use the wrapper package fetch, so export requests have no spans.
func transport() otlphttp.Transport { return fetch.Transport{} }

// compress compresses with the platform's CompressionStream, so that no compressor is linked.
func compress(body []byte) ([]byte, error) {
	stream := js.Global().Get("Blob").New([]any{jsx.Bytes(body)}).Call("stream").
		Call("pipeThrough", js.Global().Get("CompressionStream").New("gzip"))
	buffer, err := jsx.Await(js.Global().Get("Response").New(stream).Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	return jsx.GoBytes(js.Global().Get("Uint8Array").New(buffer)), nil
}
