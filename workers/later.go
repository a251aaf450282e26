package workers

import "github.com/edgespan/edgespan/workers/internal/pending"

// later runs a task when the response is on its way, and keeps the program alive for it.
func later(task func()) {
	pending.Exports.Add(1)
	waitUntil(func() {
		defer pending.Exports.Add(-1)
		task()
	})
}

// Wait returns when all handlers that the middleware has wrapped have returned, the tasks of cloudflare.WaitUntil have too, and their
// traces are sent or given up.
func Wait() {
	pending.Handlers.Wait()
	pending.Tasks.Wait()
	pending.Exports.Wait()
}

const errNotServed = constError("workers: serve by this package's Serve or ServeNonBlock: syumai/workers' own ends the program with the response, " +
	"and traces that are not sent by then are lost without a word")
