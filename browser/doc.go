// Package browser traces a web page: its load, resources, clicks, long tasks, web vitals and errors. It runs sdk/trace compiled for
// GOOS=js, and imports only context, time, syscall/js, sdk/ and internal/redact, so that TinyGo can compile it.
//
// npm/wasm.mjs loads the wasm of browser/wasm, whose main function calls [Run]. initTracer then makes an agent with a tracer provider
// and starts the chosen features. The agent encodes ended traces as lines, which npm/sender.mjs holds. Every ten seconds, and when the
// page is left, the sender sends them to a Collector, and npm/answer.mjs reads the answer. Lines that could not be sent wait in
// localStorage for the next attempt or the next page.
//
// Two parts are JavaScript. The code that reads values of the page is, because any such read may throw, and TinyGo cannot recover from
// that on wasm. The sender is, because it has to work after the wasm has failed. sdk/batch would not do for it: a page that is left
// has no time for goroutines, only for calls that return at once; its last body has 64 KiB at most; and the scheduler is the largest
// part of a TinyGo binary.
//
// Code that needs no browser is in files that build on all platforms, and is tested natively. The build tags edgespan_nopageload,
// edgespan_noresources, edgespan_noclicks, edgespan_nolongtasks, edgespan_novitals, edgespan_noerrors and
// edgespan_noroutechanges each leave a feature out.
package browser
