package workers

import "github.com/edgespan/edgespan/workers/internal/pending"

// later runs task after the response, and keeps the program alive until task returns.
func later(task func()) {
	pending.Exports.Add(1)
	waitUntil(func() {
		defer pending.Exports.Add(-1)
		task()
	})
}

// Wait returns when all handlers that the middleware wraps and all tasks of cloudflare.WaitUntil have returned, and their
// traces have been sent or given up. [Serve] calls it; call it yourself after [ServeNonBlock] and [Done].
func Wait() {
	pending.Handlers.Wait()
	pending.Tasks.Wait()
	pending.Exports.Wait()
}

const errNotServed = constError("workers: use this package's Serve or ServeNonBlock: those of syumai/workers end the program with the response, " +
	"and traces that have not been sent by then are lost without an error")
