// Command kinds is a service with one path for each thing that a handler can do with its response. It is compiled twice from
// the same source: normally, and with the build tag untraced, which leaves the middleware out. The suite compares what the
// clients of the two get, and what their handlers see.
package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

func main() {
	fsthttp.Serve(traced(fsthttp.HandlerFunc(handle)))
}

// kind is a handler that can report to the suite what it has seen.
type kind func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes)

var kinds = map[string]kind{
	"/plain":                plain,
	"/nothing":              func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) {},
	"/headers-only":         headersOnly,
	"/status-only":          statusOnly,
	"/two-statuses":         twoStatuses,
	"/status-after-write":   statusAfterWrite,
	"/no-content":           bodyless(fsthttp.StatusNoContent, ""),
	"/not-modified":         bodyless(fsthttp.StatusNotModified, ""),
	"/no-content/write":     bodyless(fsthttp.StatusNoContent, "a body that cannot be\n"),
	"/not-modified/write":   bodyless(fsthttp.StatusNotModified, "a body that cannot be\n"),
	"/empty-write":          emptyWrite,
	"/hints":                hints,
	"/hints-alone":          hintsAlone,
	"/hints-twice":          hintsTwice,
	"/trailers/declared":    declaredTrailers,
	"/trailers/prefixed":    prefixedTrailers,
	"/trailers/backend":     backendTrailers,
	"/append":               appendBody("/chunked", "", ""),
	"/append-then-write":    appendBody("/chunked", "", ">"),
	"/write-then-append":    appendBody("/chunked", "<", ""),
	"/append-gzip":          appendBody("/gzip", "", ""),
	"/append-cut":           appendBody("/cut", "", ""),
	"/append-foreign":       appendForeign,
	"/close-early":          closeEarly,
	"/close-twice":          closeTwice,
	"/close-untouched":      closeUntouched,
	"/manual/sound":         manualFraming("4"),
	"/manual/none":          manualFraming(""),
	"/manual/long":          manualFraming("10"),
	"/manual/short":         manualFraming("2"),
	"/manual/bad":           manualFraming("four"),
	"/large":                large,
	"/pieces":               pieces,
	"/panic/before":         func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) { panic("before") },
	"/panic/after":          panicAfter,
	"/panic/closed":         panicClosed,
	"/panic/status":         panicStatus,
	"/panic/error":          panicError,
	"/panic/runtime":        panicRuntime,
	"/panic/abort":          func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) { panic(http.ErrAbortHandler) },
	"/goexit":               goexit,
	"/exit":                 exit,
	"/invalid/0":            invalid(0),
	"/invalid/99":           invalid(99),
	"/invalid/100":          invalid(100),
	"/invalid/101":          invalid(101),
	"/invalid/199":          invalid(199),
	"/invalid/1000":         invalid(1000),
	"/websocket":            websocket("backend"),
	"/websocket/unknown":    websocket("no-such-backend"),
	"/websocket/after":      websocketAfterWrite,
	"/websocket/then-write": websocketThenWrite,
	"/fanout":               fanout,
	"/fanout/plain":         plainFanout,
	"/websocket/plain":      plainWebsocket,
	"/echo":                 echo,
	"/unread":               plain,
	"/pass-on":              passOn,
	"/request":              request,
	"/headers/odd":          oddHeaders,
	"/headers/late":         lateHeaders,
	"/backend/headers":      backendHeaders,
	"/backend/twice":        backendTwice,
	"/backend/down":         backendFails("down", "/"),
	"/backend/unknown":      backendFails("no-such-backend", "/"),
	"/backend/drop":         backendFails("backend", "/drop"),
	"/backend/cached":       backendCached,
	"/backend/unread":       backendUnread,
	"/background":           background,
	"/context":              contextKinds,
	"/error": func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
		fsthttp.Error(w, "teapot", 418)
	},
	"/status/400":            justStatus(400),
	"/status/500":            justStatus(500),
	"/status/599":            justStatus(599),
	"/status/999":            justStatus(999),
	"/status/-1":             justStatus(-1),
	"/status/0":              justStatus(0),
	"/status/99":             justStatus(99),
	"/status/1000":           justStatus(1000),
	"/status/99999":          justStatus(99999),
	"/slow-export/plain":     plain,
	"/slow-export/status":    statusOnly,
	"/slow-export/streaming": pieces,
	"/slow-export/large":     large,
	"/slow-export/append":    appendBody("/chunked", "", ""),
	"/slow-export/close":     closeEarly,
	"/slow-export/nothing":   func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) {},
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	if strings.HasPrefix(r.URL.Path, "/mux/") {
		mux.ServeHTTP(ctx, w, r)
		return
	}
	k, ok := kinds[r.URL.Path]
	if !ok {
		fsthttp.NotFound(w, r)
		return
	}
	k(ctx, w, r, notes(r.Header.Get("X-Test")))
}

// notes writes what a handler has seen to an endpoint, with the id of the test's request.
type notes string

func (id notes) add(format string, args ...any) {
	fmt.Fprintf(rtlog.Open("notes"), "%s %s", string(id), fmt.Sprintf(format, args...))
}

// pause waits until written data has left the sandbox, so that the client's response does not depend on timing.
func pause() { time.Sleep(20 * time.Millisecond) }
