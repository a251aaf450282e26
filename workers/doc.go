// Package workers traces Cloudflare Workers that are written in Go with github.com/syumai/workers. Its middleware records a
// SERVER span for each request, and its exporter sends the trace after the response, so the client never waits for it.
//
//	import "github.com/edgespan/edgespan/workers" // was github.com/syumai/workers
//
//	func main() {
//		tp := trace.NewTracerProvider(workers.FromEnv())
//		workers.Serve(workers.New(tp)(mux))
//	}
//
// The packages below cloudflare are wrappers of the packages of the same names in syumai/workers: KV, D1, R2, Durable Objects,
// queues, the cache, cron triggers and fetch. They record a span for each call. Functions of a wrapper package take a context
// as an additional first argument; methods keep their signatures. For a call that takes an *http.Request, the span's parent
// comes from the request's context. A wrapper embeds the original value, so all of its other methods are there too. Types that
// have no calls of their own are aliases.
//
// # How a request is traced
//
// The middleware reads traceparent and starts the span. The handler runs, and its calls add spans to the same local trace. When
// the handler has returned, the span ends. The [Exporter] copies the trace and starts a task with ctx.waitUntil; the task
// encodes and sends the copy once the response is on its way. [Serve] keeps the program alive until this is done. Use it
// instead of syumai/workers' own Serve, which ends the program, and everything it is still doing, with the response.
//
// syumai/workers starts a Go program for each request, in an isolate that many requests share. Therefore traces are not batched
// across requests. State that outlives a request (whether this is a cold start, how many spans were lost) is kept in a
// JavaScript global.
//
// # Limits
//
// The clock of a Worker advances only when the Worker does I/O. A span during which it did not advance has the attribute
// edgespan.clock_frozen.
//
// Outside of Workers, on any GOOS other than js, the package serves and exports with net/http, as syumai/workers does for debugging.
// The wrapper packages work in Workers only.
package workers
