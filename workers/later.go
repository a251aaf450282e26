package workers

import (
	"sync"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/workers/internal/pending"
)

// later runs task after the response, and keeps the program alive until task returns. It returns an error if the platform may end the
// program earlier, because there is no ctx.waitUntil or because it has thrown.
func later(task func()) (err error) {
	pending.Exports.Add(1)
	once := sync.OnceFunc(func() {
		defer pending.Exports.Add(-1)
		task()
	})
	defer func() {
		if v := recover(); v != nil { // once may have been started before waitUntil was called
			err = &waitError{v}
			go once()
		}
	}()
	waitUntil(once)
	return nil
}

type waitError struct{ value any }

func (e *waitError) Error() string { return "workers: ctx.waitUntil: " + fault.Message(e.value) }

// Wait returns when all handlers that the middleware wraps and all tasks of cloudflare.WaitUntil have returned, and their
// traces have been sent or given up. [Serve] calls it; call it yourself after [ServeNonBlock] and [Done].
func Wait() {
	pending.Handlers.Wait()
	pending.Tasks.Wait()
	pending.Exports.Wait()
}

const errNotServed = constError("workers: use this package's Serve or ServeNonBlock: those of syumai/workers end the program with the response, " +
	"and traces that have not been sent by then are lost without an error")
