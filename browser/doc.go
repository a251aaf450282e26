// Package browser traces a page: its load, resources, clicks, long tasks, web vitals and errors, on sdk/trace compiled for
// GOOS=js. It imports syscall/js and sdk/ alone, so that TinyGo compiles it.
//
// The way of one span: npm/wasm.mjs loads the wasm of browser/wasm, whose main calls [Run]. initTracer makes an agent with a
// provider, and starts the features that are chosen. Its traces are encoded as lines, which npm/sender.mjs holds; every ten seconds and
// when the page goes, it sends them to a Collector, whose answer npm/answer.mjs reads. What can't be sent waits in localStorage, for
// the next try or the next page.
//
// What looks at values of the page, and what sends, is JavaScript: the one may throw at each look, which TinyGo can't recover from on
// wasm, and the other works on when the wasm has failed. It is not sdk/batch: a page that goes has time for calls that return at once
// and none for a goroutine, a body sent then may have 64 KiB at most, and a scheduler is what costs most in TinyGo's binary.
//
// What needs no browser is in files that build everywhere, and is tested natively. The tags edgespan_nopageload,
// edgespan_noresources, edgespan_noclicks, edgespan_nolongtasks, edgespan_novitals and edgespan_noerrors leave a feature out.
package browser
