// Package fetch is syumai/workers' cloudflare/fetch with a CLIENT span for each request, a child of the span in the request's
// context. Package workers tells what all twins have in common.
//
// The request gets traceparent and tracestate, unless workers.Propagate.ContextTo says no. The span ends when the response's headers are
// there; its body is still to be read.
package fetch
