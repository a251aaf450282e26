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

// Serve is that of syumai/workers, but for its end: it returns when the response has gone out, the handlers and the tasks of
// [cloudflare.WaitUntil] have returned, and what they have traced has been sent or given up. [http.DefaultServeMux] takes the place of a nil handler.
func Serve(handler http.Handler) {
	ServeNonBlock(handler)
	workers.Ready()
	<-workers.Done()
	Wait()
}

// ServeNonBlock sets the handler, and leaves it to the caller to call [Ready], to wait for [Done], and then for [Wait].
func ServeNonBlock(handler http.Handler) {
	workers.ServeNonBlock(handler)
	answerPanics()
}

// Ready must be called when all handlers are set.
func Ready() { workers.Ready() }

// Done returns a channel that is closed when the response's body has been read to its end.
func Done() <-chan struct{} { return workers.Done() }

// waitUntil lets the response go out first: the task begins when JavaScript has had its turn.
func waitUntil(task func()) {
	cloudflare.WaitUntil(func() {
		if servesHere() {
			time.Sleep(time.Millisecond)
		}
		task()
	})
}

// servesHere reports whether Serve keeps the program alive for exports.
func servesHere() bool { return !refuse.IsUndefined() }

// refuse rejects the promises of all requests of this program that have no response yet.
var refuse js.Value

// answerPanics has each request answered by whatever is first: syumai's promise, or one that a panic rejects. A panic ends the
// program, and with it all its requests. Without this the platform would find out when nothing is under way any more, which
// the export is.
func answerPanics() {
	if servesHere() {
		return
	}
	promise := js.Global().Get("Promise")
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		refuse = args[1]
		return nil
	})
	panicked := promise.New(executor)
	executor.Release()
	panicked.Call("catch", js.Global().Get("Boolean")) // somebody has to have listened, or it counts as an error of its own

	binding := js.Global().Get("context").Get("binding")
	serve := binding.Get("handleRequest")
	binding.Set("handleRequest", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 1 {
			return serve.Invoke()
		}
		return promise.Call("race", js.Global().Get("Array").Call("of", serve.Invoke(args[0]), panicked))
	}))
}

// crash answers the requests of a program that is about to end by a panic, and then waits until the trace is sent or given up. A
// client that has a part of its response sees it cut off at once: if the program just died, JavaScript's next look for more
// of the body would be an error that has the platform cancel all that is under way, the export too.
func crash(v any, w *recorder) {
	pending.Handlers.Add(1) // it is the panic that ends the program, not Serve
	if servesHere() {
		refuse.Invoke(js.Global().Get("Error").New("panic: " + fault.Message(v)))
	}
	if w.sent {
		cut(w.under)
	}
	pending.Exports.Wait()
}

// cut ends a response's body with an error. Its pipe is a field of a type that syumai/workers keeps to itself.
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

const errPanicked = constError("the handler has panicked")
