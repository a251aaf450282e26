// Package fetch sends the requests of package otlphttp with JavaScript's fetch. It is for Go programs in pages and in other
// JavaScript runtimes (GOOS=js):
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: fetch.Transport{}})
//
// net/http works there too, since it uses fetch itself, but adds two megabytes.
//
// A page of another origin needs the receiver's permission (CORS). A response arrives through the event loop, so Export must
// not be called from within a js.Func: use a batch.Processor in front of the exporter. Requests have the User-Agent of the
// runtime.
package fetch
