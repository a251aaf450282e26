// Package incoming records what Cloudflare knows about a request (request.cf): the client's location, network and TLS
// connection.
//
//	workers.New(tp, workers.Config{OnRequest: []func(*trace.Span, *http.Request){incoming.Properties}})
package incoming
