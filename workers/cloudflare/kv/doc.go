// Package kv is syumai/workers' cloudflare/kv with a span for each call, after the conventions for databases,
// https://opentelemetry.io/docs/specs/semconv/database/database-spans/. Package workers tells what all twins have in common.
//
// The span of a call is named by what it does and the binding: "get ITEMS". Found or not is db.response.returned_rows. The key is
// cloudflare.kv.query.keys, only with workers.WithKeys.
package kv
