// Package r2 is syumai/workers' cloudflare/r2 with a span for each call. Package workers tells what all twins have in common.
//
// The span of a call is named by what it does and the binding: "get FILES". cloudflare.r2.operation has the name that R2's own API
// gives it. The object's key is cloudflare.r2.request.key, only with workers.WithKeys.
package r2
