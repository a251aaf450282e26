// Package cloudflare is a drop-in replacement for the package cloudflare of syumai/workers that records a CLIENT span for each
// request to a Durable Object. The span is a child of the span in the request's context, and the object gets the trace's
// context in the header traceparent.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare" // was github.com/syumai/workers/cloudflare
//
// Tasks that you start with [WaitUntil] may run longer than the response takes: workers.Serve waits for them. The documentation
// of package workers has the rules that all wrapper packages share.
package cloudflare
