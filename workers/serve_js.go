package workers

import (
	"io"
	"net/http"
	"reflect"
	"syscall/js"
	"time"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/workers/internal/pending"
)

// Serve serves requests with handler, like Serve of syumai/workers; nil means [http.DefaultServeMux]. It returns later than
// that one does: after the response has been sent, the handlers and the tasks of [cloudflare.WaitUntil] have returned, and
// their traces have been sent or given up.
func Serve(handler http.Handler) {
	ServeNonBlock(handler)
	workers.Ready()
	<-workers.Done()
	Wait()
}

// ServeNonBlock sets the handler and returns. The caller must then call [Ready], wait for [Done], and call [Wait].
func ServeNonBlock(handler http.Handler) {
	workers.ServeNonBlock(handler)
	answerPanics()
}

// Ready tells the platform that the program has set all of its handlers.
func Ready() { workers.Ready() }

// Done returns a channel that is closed when the response's body has been read to its end.
func Done() <-chan struct{} { return workers.Done() }

// waitUntil starts task with ctx.waitUntil. It sleeps first, so that JavaScript can send the response.
func waitUntil(task func()) {
	cloudflare.WaitUntil(func() {
		if servesWithThisPackage() {
			time.Sleep(time.Millisecond)
		}
		task()
	})
}

// servesWithThisPackage reports whether the program uses this package's Serve or ServeNonBlock, which keep it alive for exports.
func servesWithThisPackage() bool { return !refuse.IsUndefined() }

// refuse rejects the promises of all requests that have no response yet.
var refuse js.Value

// answerPanics makes a panic answer the program's requests. Each request gets whichever settles first: syumai/workers' promise,
// or one that a panic rejects. A panic ends the program and with it all its requests. Without this, the platform would answer
// them only when the program has nothing left to do, and that would be after the export.
func answerPanics() {
	if servesWithThisPackage() {
		return
	}
	promise := js.Global().Get("Promise")
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		refuse = args[1]
		return nil
	})
	panicked := promise.New(executor)
	executor.Release()
	panicked.Call("catch", js.Global().Get("Boolean")) // a promise that nobody listens to would be an additional, unhandled error

	binding := js.Global().Get("context").Get("binding")
	serve := binding.Get("handleRequest")
	binding.Set("handleRequest", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 1 {
			return serve.Invoke()
		}
		return promise.Call("race", js.Global().Get("Array").Call("of", serve.Invoke(args[0]), panicked))
	}))
}

// crash answers the requests of a program that is about to end because of a panic, and waits until the trace has been sent or
// given up. If a part of a response has been sent, its body ends with an error at once. If the program just ended instead,
// JavaScript's next read of the body would fail, and the platform would then cancel all unfinished work, including the export.
func crash(v any, w *recorder) {
	pending.Handlers.Add(1) // keeps Serve from returning: the panic has to end the program
	if servesWithThisPackage() {
		refuse.Invoke(js.Global().Get("Error").New("panic: " + fault.Message(v)))
	}
	if w.sent {
		cut(w.under)
	}
	pending.Exports.Wait()
}

// cut ends a response's body with an error. Its pipe is a field of an unexported type of syumai/workers.
func cut(w http.ResponseWriter) {
	v := reflect.Indirect(reflect.ValueOf(w))
	if v.Kind() != reflect.Struct {
		return
	}
	field := v.FieldByName("Writer")
	if !field.IsValid() || !field.CanInterface() {
		return
	}
	if pipe, ok := field.Interface().(*io.PipeWriter); ok {
		_ = pipe.CloseWithError(errPanicked)
	}
}

const errPanicked = constError("the handler panicked")
