package workers

import (
	"net/http"
	"syscall/js"
)

const headersGoWithStatus = false

// rawBodyWriter is how syumai/workers hands a stream of JavaScript's to the client without a byte passing through Go:
// io.Copy(w, resp.Body) does it.
type rawBodyWriter interface{ WriteRawJSBody(body js.Value) }

type streamingRecorder struct{ *recorder }

// WriteRawJSBody passes the stream on. It goes out when the handler has returned, and so do the status and the headers.
func (w streamingRecorder) WriteRawJSBody(body js.Value) {
	w.raw = true
	w.under.(rawBodyWriter).WriteRawJSBody(body)
}

func (w *recorder) withStreams() http.ResponseWriter {
	if _, ok := w.under.(rawBodyWriter); ok {
		return streamingRecorder{w}
	}
	return w
}
