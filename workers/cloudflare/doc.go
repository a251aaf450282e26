// Package cloudflare is syumai/workers' package of that name with a CLIENT span for each request to a Durable Object, a child of
// the span in the request's context, which the object gets as traceparent. Package workers tells what all twins have in common.
//
// [WaitUntil]'s tasks outlive the response, as long as workers.Serve serves.
package cloudflare
