package workers

import (
	"net/http"
	"syscall/js"
)

const headersGoWithStatus = false

// rawBodyWriter is implemented by syumai/workers' writer. io.Copy(w, resp.Body) uses it to pass a JavaScript stream to the
// client without copying the bytes through Go.
type rawBodyWriter interface{ WriteRawJSBody(body js.Value) }

type streamingRecorder struct{ *recorder }

// WriteRawJSBody passes the stream on. The status, the headers and the stream are sent when the handler has returned.
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
