// Package workers traces Cloudflare Workers that are written in Go with github.com/syumai/workers: a SERVER span round an
// http.Handler, and an export that the client never waits for.
//
//	import "github.com/edgespan/edgespan/workers" // in place of github.com/syumai/workers
//
//	func main() {
//		tp := trace.NewTracerProvider(workers.FromEnv())
//		workers.Serve(workers.New(tp)(mux))
//	}
//
// The packages below cloudflare are twins of those of the same names in syumai/workers: KV, D1, R2, Durable Objects, queues,
// the cache, cron triggers, and fetch, each call a span. Their rule is that of package platform: a function of a package takes
// a context first, a method has its old signature. Where a call is given an *http.Request, the request's context says whose
// child the span is.
//
// The way of one request: the middleware reads traceparent and starts the span; the handler runs, and what it calls adds
// spans to the same local trace; the handler returns and the span ends; the [Exporter] takes a copy and hands a task to
// ctx.waitUntil, which encodes and sends the trace when the response is on its way. Serve keeps the program alive until then:
// syumai's own ends it with the response, and all that is under way with it.
//
// syumai/workers starts a Go program for each request, in an isolate that many requests share. So nothing is batched over
// requests, and what outlives one (whether this is a cold start, how many spans were lost) is kept on JavaScript's side.
//
// The clock of Workers stands still but for I/O. A span in which it did not move has the attribute edgespan.clock_frozen.
//
// Natively the package serves and exports too, by net/http, as syumai's does for debugging; the twins are for Workers alone.
package workers
