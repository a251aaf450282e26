// Package fetch carries otlphttp's requests by JavaScript's fetch: for Go programs in pages and in other JavaScript runtimes
// (GOOS=js). net/http works there as well, by way of fetch, for two megabytes more.
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: fetch.Transport{}})
//
// A page of another origin than the receiver's needs its leave (CORS). A response to a request of its own waits for the event loop,
// so Export must not be called from within a js.Func: put a batch.Processor in front of it. Requests have the runtime's User-Agent.
package fetch
