// Package fetch is a drop-in replacement for cloudflare/fetch of syumai/workers that records a CLIENT span for each request.
// The span is a child of the span in the request's context.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare/fetch" // was github.com/syumai/workers/cloudflare/fetch
//
//	req, err := fetch.NewRequest(ctx, "GET", "https://prices.example.com/7", nil)
//	resp, err := fetch.NewClient().Do(req, nil) // a CLIENT span, "GET"
//
// The request is sent with the headers traceparent and tracestate, unless workers.Propagate.ContextTo returns false for it. The
// span ends when the response's headers have arrived, before the body is read. The documentation of package workers has the
// rules that all wrapper packages share.
package fetch
